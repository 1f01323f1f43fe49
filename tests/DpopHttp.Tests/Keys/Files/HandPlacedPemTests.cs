using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>Keys that somebody made with other tools and put there.</summary>
public sealed class HandPlacedPemTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    public static TheoryData<string, string> PemForms => new(
        from algorithm in DpopKeyTests.Algorithms
        from label in (string[])["PRIVATE KEY", ((string)algorithm).StartsWith('E') ? "EC PRIVATE KEY" : "RSA PRIVATE KEY"]
        select ((string)algorithm, label));

    [Theory]
    [MemberData(nameof(PemForms))]
    public void Open_APem_OpensItAndLeavesItAsItIs(string algorithm, string label)
    {
        using AsymmetricAlgorithm key = Create(algorithm);
        byte[] content = Encoding.ASCII.GetBytes(PemOf(key, label));
        _directory.Place("key", content);
        using DpopKey opened = new DpopKeyFile(_directory.Key) { Algorithm = algorithm }.Open();
        using DpopKey same = DpopKey.FromPem(key.ExportPkcs8PrivateKeyPem(), algorithm);
        Assert.Equal((algorithm, same.Thumbprint), (opened.Algorithm, opened.Thumbprint));
        Proofs.AssertWork(opened);
        Assert.Equal(content, File.ReadAllBytes(_directory.Key));
        Assert.Equal(["key"], _directory.Names);
    }

    [Theory]
    [InlineData("ES384", null)]
    [InlineData("PS256", "PS256")]
    public void Open_AnEncryptedPem_OpensItWithThePassphrase(string kind, string? algorithm)
    {
        using AsymmetricAlgorithm key = Create(kind);
        PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA512, 1000);
        _directory.Place("key", Encoding.ASCII.GetBytes(key.ExportEncryptedPkcs8PrivateKeyPem(KeyForms.Passphrase, encryption)));
        using DpopKey opened = KeyForm.Passphrase.File(_directory.Key, algorithm).Open();
        Assert.Equal(kind, opened.Algorithm);
    }

    [Fact]
    public void Open_AnRsaPemWithoutAlgorithm_AsksForOne()
    {
        using AsymmetricAlgorithm key = Create("PS256");
        _directory.Place("key", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        DpopException exception = Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
        Assert.Contains("Set the client's KeyAlgorithm to the one to use", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("move it away", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS384")]
    public void Rotate_APem_KeepsTheOldKeyAndItsAlgorithm(string algorithm)
    {
        using AsymmetricAlgorithm key = Create(algorithm);
        _directory.Place("key", Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        using DpopKey old = DpopKey.FromPem(key.ExportPkcs8PrivateKeyPem(), algorithm);
        DpopKeyFile file = new(_directory.Key) { Algorithm = algorithm };
        using DpopKey next = file.Rotate();
        using DpopKey? found = file.Find(old.Thumbprint);
        Assert.Equal((algorithm, old.Thumbprint), (next.Algorithm, found?.Thumbprint));
        Assert.Equal(algorithm, found!.Algorithm);
    }

    public void Dispose() => _directory.Dispose();

    private static AsymmetricAlgorithm Create(string algorithm) => algorithm switch
    {
        "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => RSA.Create(2048),
    };

    private static string PemOf(AsymmetricAlgorithm key, string label) => (key, label) switch
    {
        (ECDsa ec, "EC PRIVATE KEY") => ec.ExportECPrivateKeyPem(),
        (RSA rsa, "RSA PRIVATE KEY") => rsa.ExportRSAPrivateKeyPem(),
        _ => key.ExportPkcs8PrivateKeyPem(),
    };
}
