using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DpopHttp.Tests.Support;

/// <summary>A certificate for loopback, made for one test, and clients that trust it alone. Without an authority it is its own.</summary>
internal sealed class LoopbackCertificate : IDisposable
{
    public LoopbackCertificate(X509Certificate2? authority = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=loopback", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        if (authority is null)
        {
            Certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
            return;
        }

        using X509Certificate2 issued = request.Create(authority, now.AddMinutes(-30), now.AddMinutes(30), RandomNumberGenerator.GetBytes(8));
        Certificate = issued.CopyWithPrivateKey(key);
    }

    public X509Certificate2 Certificate { get; }

    public SocketsHttpHandler CreateHandler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { Certificate },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };

    public void Dispose() => Certificate.Dispose();
}
