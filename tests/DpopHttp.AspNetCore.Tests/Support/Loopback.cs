using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>Connects to this machine whatever the host is called.</summary>
internal static class Loopback
{
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Trusts the certificate of the nginx of the tests and no other, if there is one yet.</summary>
    public static X509ChainPolicy? TrustOfNginx() => NginxFixture.Certificate is { } certificate
        ? new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { certificate },
            RevocationMode = X509RevocationMode.NoCheck,
        }
        : null;
}
