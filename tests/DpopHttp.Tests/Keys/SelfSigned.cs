using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DpopHttp.Tests.Keys;

/// <summary>Certificates for one hour, made for one test.</summary>
internal static class SelfSigned
{
    public static X509Certificate2 Create(KeyMaterial material) => Create(material.Key);

    /// <summary>With its private key.</summary>
    public static X509Certificate2 Create(AsymmetricAlgorithm key)
    {
        CertificateRequest request = key is ECDsa ec
            ? new CertificateRequest("CN=client", ec, HashAlgorithmName.SHA256)
            : new CertificateRequest("CN=client", (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-30), now.AddMinutes(30));
    }

    /// <summary>Without a private key, and for a key that cannot sign it itself.</summary>
    public static X509Certificate2 Issue(PublicKey key)
    {
        using ECDsa issuer = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(new X500DistinguishedName("CN=client"), key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.Create(
            new X500DistinguishedName("CN=issuer"), X509SignatureGenerator.CreateForECDsa(issuer), now.AddMinutes(-30), now.AddMinutes(30), [1]);
    }
}
