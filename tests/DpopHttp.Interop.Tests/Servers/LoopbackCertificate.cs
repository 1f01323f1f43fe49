using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>A new self-signed certificate for 127.0.0.1, in files that are gone when this is disposed.</summary>
internal sealed class LoopbackCertificate : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dpophttp-");
    private readonly X509Certificate2 _certificate;

    public LoopbackCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        Files = new CertificateFiles(Path.Combine(_folder.FullName, "key.pem"), Path.Combine(_folder.FullName, "cert.pem"));
        File.WriteAllText(Files.Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Files.Cert, _certificate.ExportCertificatePem());
    }

    public CertificateFiles Files { get; }

    /// <summary>A primary handler that trusts this certificate and no other.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) => _certificate.Equals(certificate),
        },
    };

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }
}
