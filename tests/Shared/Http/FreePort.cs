using System.Net;
using System.Net.Sockets;

namespace DpopHttp.Tests.Support;

/// <summary>
/// Ports for servers that can't be left to find their own. They are below those that systems give to connections, so that one is still free when its server
/// starts, or starts again; and no two callers in a process get the same.
/// </summary>
internal static class FreePort
{
    private static readonly HashSet<int> Given = [];

    public static int Find()
    {
        lock (Given)
        {
            while (true)
            {
                int port = Random.Shared.Next(20_000, 30_000);
                if (IsFree(port) && Given.Add(port))
                {
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
