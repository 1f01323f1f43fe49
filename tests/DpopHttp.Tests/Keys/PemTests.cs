using System.Security.Cryptography;

namespace DpopHttp.Tests.Keys;

/// <summary>Keys that <see cref="DpopKey.FromPem"/> and <see cref="DpopKey.FromEncryptedPem"/> take.</summary>
public class PemTests
{
    public static TheoryData<string> Algorithms => KeyMaterial.Algorithms;

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void FromPem_Pkcs8_IsTheKeyOfTheFile(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using DpopKey key = DpopKey.FromPem(material.Pkcs8Pem, material.NeededAlgorithm);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void FromPem_Sec1OrPkcs1_IsTheKeyOfTheFile(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using DpopKey key = DpopKey.FromPem(material.TraditionalPem, material.NeededAlgorithm);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void FromEncryptedPem_EncryptedPkcs8_IsTheKeyOfTheFile(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using DpopKey key = DpopKey.FromEncryptedPem(material.EncryptedPem, KeyMaterial.Passphrase, material.NeededAlgorithm);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void FromPem_TheKeyOfAJwk_IsTheSameKey(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using DpopKey fromPem = DpopKey.FromPem(material.Pkcs8Pem, algorithm);
        using DpopKey fromJwk = DpopKey.FromJwk(material.PrivateJwk);
        Assert.Equal((fromJwk.Algorithm, fromJwk.Thumbprint, fromJwk.PublicJwk), (fromPem.Algorithm, fromPem.Thumbprint, fromPem.PublicJwk));
        Assert.Equal(fromJwk.ExportPrivateJwk(), fromPem.ExportPrivateJwk());
    }

    [Theory]
    [InlineData(PbeEncryptionAlgorithm.Aes128Cbc, "SHA256")]
    [InlineData(PbeEncryptionAlgorithm.Aes192Cbc, "SHA384")]
    [InlineData(PbeEncryptionAlgorithm.Aes256Cbc, "SHA512")]
    [InlineData(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, "SHA1")]
    public void FromEncryptedPem_EachWayToEncrypt_IsOpened(PbeEncryptionAlgorithm encryption, string hash)
    {
        using KeyMaterial material = KeyMaterial.Create();
        string pem = material.Encrypt(new PbeParameters(encryption, new HashAlgorithmName(hash), 1000));
        using DpopKey key = DpopKey.FromEncryptedPem(pem, KeyMaterial.Passphrase);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public void FromPem_ACertificateBesideTheKey_IsPassedOver(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        using KeyMaterial other = KeyMaterial.Create();
        string certificate = SelfSigned.Create(other).ExportCertificatePem();
        foreach (string pem in (string[])[$"{certificate}\n{material.Pkcs8Pem}", $"{material.TraditionalPem}\n{certificate}\n{certificate}"])
        {
            using DpopKey key = DpopKey.FromPem(pem, material.NeededAlgorithm);
            VerifiedProof.AssertMadeBy(material, key);
        }
    }

    [Fact]
    public void FromEncryptedPem_ACertificateBesideTheKey_IsPassedOver()
    {
        using KeyMaterial material = KeyMaterial.Create();
        string certificate = SelfSigned.Create(material).ExportCertificatePem();
        using DpopKey key = DpopKey.FromEncryptedPem($"{material.EncryptedPem}\n{certificate}", KeyMaterial.Passphrase);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Fact]
    public void FromPem_EcParametersBeforeTheKey_ArePassedOver()
    {
        // What "openssl ecparam -genkey" writes: the curve's object identifier, then the key.
        using KeyMaterial material = KeyMaterial.Create("ES384");
        string parameters = PemEncoding.WriteString("EC PARAMETERS", [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]);
        using DpopKey key = DpopKey.FromPem($"{parameters}\n{material.TraditionalPem}\n");
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Fact]
    public void FromPem_ThePublicKeyBesideThePrivateOne_IsPassedOver()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using DpopKey key = DpopKey.FromPem($"{material.PublicPem}\n{material.Pkcs8Pem}");
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Fact]
    public void FromPem_WindowsLineEndsAndTextAround_AreNoHindrance()
    {
        using KeyMaterial material = KeyMaterial.Create();
        string pem = $"Bag Attributes\n    friendlyName: orders\n{material.Pkcs8Pem}\nend of file\n".ReplaceLineEndings("\r\n");
        using DpopKey key = DpopKey.FromPem(pem);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Fact]
    public void FromPem_AnEcKeyWithItsOwnAlgorithmNamed_IsTaken()
    {
        using KeyMaterial material = KeyMaterial.Create("ES512");
        using DpopKey key = DpopKey.FromPem(material.Pkcs8Pem, "ES512");
        VerifiedProof.AssertMadeBy(material, key);
    }
}
