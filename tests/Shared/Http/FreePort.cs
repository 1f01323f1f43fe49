using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DpopHttp.Tests.Support;

/// <summary>
/// Ports for servers that can't be left to find their own. They are below those that systems give to connections, so that one is still free when its server
/// starts, or starts again; and no two callers get the same, in this test process or in another that runs beside it.
/// </summary>
internal static class FreePort
{
    /// <summary>The UDP port of the same number, which nobody needs, is taken for as long as this process runs: it says that the port is given.</summary>
    private static readonly ConcurrentBag<Socket> Given = [];

    public static int Find()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 30_000);
            if (TryBind(port, SocketType.Dgram, ProtocolType.Udp) is { } mark)
            {
                Given.Add(mark);
                using Socket? free = TryBind(port, SocketType.Stream, ProtocolType.Tcp);
                if (free is not null)
                {
                    return port;
                }
            }
        }
    }

    private static Socket? TryBind(int port, SocketType type, ProtocolType protocol)
    {
        Socket socket = new(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
