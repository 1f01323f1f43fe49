using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DpopHttp.Tests.Keys;

/// <summary><see cref="DpopKey.FromCertificate"/> with certificates made in memory, read from files and taken from a store.</summary>
public class CertificateTests
{
    public static TheoryData<string> Algorithms => KeyMaterial.Algorithms;

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void FromCertificate_EachAlgorithm_IsTheCertificatesKey(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using X509Certificate2 certificate = SelfSigned.Create(material);
        using DpopKey key = DpopKey.FromCertificate(certificate, material.NeededAlgorithm);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public void FromCertificate_APkcs12File_IsTheCertificatesKey(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using X509Certificate2 written = SelfSigned.Create(material);
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string path = Path.Combine(folder.FullName, "client.p12");
            File.WriteAllBytes(path, written.Export(X509ContentType.Pkcs12, KeyMaterial.Passphrase));
            using X509Certificate2 read = X509CertificateLoader.LoadPkcs12FromFile(path, KeyMaterial.Passphrase);
            using DpopKey key = DpopKey.FromCertificate(read, material.NeededAlgorithm);
            VerifiedProof.AssertMadeBy(material, key);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("RS256")]
    public void FromCertificate_FromAStore_IsTheCertificatesKey(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using X509Certificate2 certificate = SelfSigned.Create(material);
        using TemporaryStore store = new();
        store.Add(certificate);
        using X509Certificate2 found = store.Find(certificate.Thumbprint);
        using DpopKey key = DpopKey.FromCertificate(found, material.NeededAlgorithm);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS512")]
    public void FromCertificate_TheCertificateDisposedAfterwards_StillSigns(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        X509Certificate2 certificate = SelfSigned.Create(material);
        using DpopKey key = DpopKey.FromCertificate(certificate, algorithm);
        certificate.Dispose();
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public void Dispose_AKeyOfACertificate_LeavesTheCertificateUsable(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using X509Certificate2 certificate = SelfSigned.Create(material);
        DpopKey.FromCertificate(certificate, algorithm).Dispose();
        using DpopKey key = DpopKey.FromCertificate(certificate, algorithm);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public void FromCertificate_NoPrivateKey_Throws(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using X509Certificate2 certificate = SelfSigned.Create(material);
        using X509Certificate2 publicOnly = X509CertificateLoader.LoadCertificate(certificate.RawData);
        AssertRefused("has no private key: load it with its key, as from a PKCS#12 file", publicOnly, algorithm);
    }

    [Fact]
    public void FromCertificate_AnRsaKeyWithoutAlgorithm_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create("PS256");
        using X509Certificate2 certificate = SelfSigned.Create(material);
        AssertRefused("fits six algorithms: name the one to use, such as PS256", certificate);
    }

    [Theory]
    [InlineData("ES256", "PS256", "does not fit a key on P-256: that takes ES256")]
    [InlineData("RS256", "ES256", "does not fit an RSA key")]
    public void FromCertificate_AnAlgorithmThatDoesNotFit_Throws(string keyOf, string algorithm, string words)
    {
        using KeyMaterial material = KeyMaterial.Create(keyOf);
        using X509Certificate2 certificate = SelfSigned.Create(material);
        AssertRefused(words, certificate, algorithm);
    }

    [Fact]
    public void FromCertificate_AnotherCurve_Throws()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using X509Certificate2 certificate = SelfSigned.Create(ec);
        AssertRefused("on none of the curves P-256, P-384 and P-521", certificate);
    }

    [Fact]
    public void FromCertificate_AnRsaKeyOf1024Bits_Throws()
    {
        using RSA rsa = RSA.Create(1024);
        using X509Certificate2 certificate = SelfSigned.Create(rsa);
        AssertRefused("has 1024 bits, fewer than 2048", certificate, "PS256");
    }

    [Fact]
    public void FromCertificate_ADsaKey_Throws()
    {
        using DSA dsa = DSA.Create(1024);
        using X509Certificate2 publicOnly = SelfSigned.Issue(new PublicKey(dsa));
        using X509Certificate2 certificate = publicOnly.CopyWithPrivateKey(dsa);
        AssertRefused("is neither EC nor RSA", certificate, "ES256");
    }

    [Fact]
    public void FromCertificate_Disposed_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create();
        X509Certificate2 certificate = SelfSigned.Create(material);
        certificate.Dispose();
        ArgumentException exception = AssertRefused("cannot be opened: see the inner exception", certificate);
        Assert.IsType<CryptographicException>(exception.InnerException, exactMatch: false);
    }

    [Fact]
    public void FromCertificate_Null_Throws() => Assert.Throws<ArgumentNullException>("certificate", () => DpopKey.FromCertificate(null!));

    private static ArgumentException AssertRefused(string words, X509Certificate2 certificate, string? algorithm = null)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>("certificate", () => DpopKey.FromCertificate(certificate, algorithm));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        return exception;
    }
}
