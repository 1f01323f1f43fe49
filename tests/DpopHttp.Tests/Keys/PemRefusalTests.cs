using System.Formats.Asn1;
using System.Security.Cryptography;

namespace DpopHttp.Tests.Keys;

/// <summary>PEM that is refused: with the parameter's name, the reason in words, and not a piece of what was read.</summary>
public class PemRefusalTests
{
    [Theory]
    [InlineData("secp256k1")]
    [InlineData("brainpoolP256r1")]
    [InlineData("secp224r1")]
    public void FromPem_AnotherCurve_Throws(string curve)
    {
        using ECDsa key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        AssertRefused("on none of the curves P-256, P-384 and P-521", key.ExportPkcs8PrivateKeyPem());
        AssertRefused("on none of the curves P-256, P-384 and P-521", key.ExportECPrivateKeyPem(), algorithm: "ES256");
    }

    [Fact]
    public void FromPem_ACurveThatIsWrittenOut_Throws()
    {
        using ECDsa named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using ECDsa key = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        AssertRefused("on none of the curves P-256, P-384 and P-521", key.ExportPkcs8PrivateKeyPem());
    }

    [Theory]
    [InlineData("PRIVATE KEY")]
    [InlineData("EC PRIVATE KEY")]
    public void FromPem_ACurveThatThePlatformDoesNotKnow_Throws(string label)
    {
        using KeyMaterial material = KeyMaterial.Create();
        byte[] der = label == "PRIVATE KEY" ? material.Key.ExportPkcs8PrivateKey() : ((ECDsa)material.Key).ExportECPrivateKey();
        byte[] p256 = Oid("1.2.840.10045.3.1.7");
        Oid("1.2.840.10045.3.1.127").CopyTo(der.AsSpan(der.AsSpan().IndexOf(p256)));
        AssertRefused("on none of the curves P-256, P-384 and P-521", PemEncoding.WriteString(label, der));
    }

    [Fact]
    public void FromPem_AnRsaKeyOf1024Bits_Throws()
    {
        using RSA key = RSA.Create(1024);
        AssertRefused("has 1024 bits, fewer than 2048 (RFC 7518 section 3.3)", key.ExportPkcs8PrivateKeyPem(), algorithm: "PS256");
        AssertRefused("has 1024 bits, fewer than 2048 (RFC 7518 section 3.3)", key.ExportRSAPrivateKeyPem(), algorithm: "RS256");
    }

    [Fact]
    public void FromPem_AnRsaKeyWithoutAlgorithm_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create("PS256");
        AssertRefused("fits six algorithms: name the one to use, such as PS256", material.Pkcs8Pem);
        AssertRefused("fits six algorithms: name the one to use, such as PS256", material.EncryptedPem, KeyMaterial.Passphrase);
    }

    [Theory]
    [InlineData("ES256", "ES384", "does not fit a key on P-256: that takes ES256")]
    [InlineData("ES384", "PS256", "does not fit a key on P-384: that takes ES384")]
    [InlineData("ES256", "none", "The algorithm is none of ES256, ES384")]
    [InlineData("ES256", "es256", "The algorithm is none of ES256, ES384")]
    [InlineData("PS256", "ES256", "does not fit an RSA key: that takes PS256, PS384, PS512, RS256, RS384 or RS512")]
    [InlineData("PS256", "HS256", "The algorithm is none of ES256, ES384")]
    [InlineData("PS256", "", "The algorithm is none of ES256, ES384")]
    public void FromPem_AnAlgorithmThatDoesNotFit_Throws(string keyOf, string algorithm, string words)
    {
        using KeyMaterial material = KeyMaterial.Create(keyOf);
        AssertRefused(words, material.Pkcs8Pem, algorithm: algorithm);
        AssertRefused(words, material.TraditionalPem, algorithm: algorithm);
        AssertRefused(words, material.EncryptedPem, KeyMaterial.Passphrase, algorithm);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public void FromPem_APassphraseInPlaceOfTheAlgorithm_IsNotRepeated(string keyOf)
    {
        using KeyMaterial material = KeyMaterial.Create(keyOf);
        ArgumentException exception = Assert.Throws<ArgumentException>("pem", () => DpopKey.FromPem(material.Pkcs8Pem, KeyMaterial.Passphrase));
        Assert.DoesNotContain(KeyMaterial.Passphrase, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public void FromEncryptedPem_AWrongPassphrase_Throws(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        AssertRefused("cannot be opened with this passphrase", material.EncryptedPem, "Tr0ub4dor and 3", material.NeededAlgorithm);
        AssertRefused("cannot be opened with this passphrase", material.EncryptedPem, "", material.NeededAlgorithm);
    }

    [Fact]
    public void FromPem_AnEncryptedKey_AsksForThePassphrase()
    {
        using KeyMaterial material = KeyMaterial.Create();
        AssertRefused("is encrypted: its passphrase is needed", material.EncryptedPem);
    }

    [Fact]
    public void FromEncryptedPem_NoPassphrase_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create();
        Assert.Throws<ArgumentNullException>("passphrase", () => DpopKey.FromEncryptedPem(material.EncryptedPem, null!));
    }

    [Fact]
    public void FromEncryptedPem_AKeyThatIsNotEncrypted_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create();
        AssertRefused("is not encrypted, but a passphrase was given", material.Pkcs8Pem, KeyMaterial.Passphrase);
        AssertRefused("is not encrypted, but a passphrase was given", material.TraditionalPem, KeyMaterial.Passphrase);
    }

    [Fact]
    public void FromPem_TwoPrivateKeys_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create();
        using KeyMaterial other = KeyMaterial.Create("RS256");
        AssertRefused("has several private keys: give the one to use", $"{material.Pkcs8Pem}\n{other.TraditionalPem}");
        AssertRefused("has several private keys: give the one to use", $"{material.EncryptedPem}\n{material.TraditionalPem}", KeyMaterial.Passphrase);
    }

    [Fact]
    public void FromPem_NoPrivateKeyInIt_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create();
        AssertRefused("has a public key only", material.PublicPem);
        AssertRefused("has a certificate only", SelfSigned.Create(material).ExportCertificatePem());
        AssertRefused("no whole private key", SelfSigned.Create(material).ExportCertificatePem() + "\n" + material.Pkcs8Pem[..^9]);
        AssertRefused("no whole private key", PemEncoding.WriteString("DSA PRIVATE KEY", [0x30, 0x00]));
    }

    [Fact]
    public void FromPem_ATruncatedFile_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create("PS256");
        string pem = material.Pkcs8Pem;
        AssertRefused("no whole private key", pem[..(pem.Length / 2)], algorithm: "PS256");
        AssertRefused("no whole private key", pem[..^1], algorithm: "PS256");
    }

    [Theory]
    [InlineData("ES256", "PRIVATE KEY")]
    [InlineData("ES256", "EC PRIVATE KEY")]
    [InlineData("PS256", "PRIVATE KEY")]
    [InlineData("PS256", "RSA PRIVATE KEY")]
    public void FromPem_AWholeFrameAroundHalfAKey_Throws(string algorithm, string label)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        byte[] der = material.Key.ExportPkcs8PrivateKey();
        AssertRefused("damaged, or is neither EC nor RSA", PemEncoding.WriteString(label, der.AsSpan(0, der.Length / 2)), algorithm: algorithm);
    }

    [Fact]
    public void FromPem_AKeyUnderAnotherLabel_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create("PS256");
        string pem = PemEncoding.WriteString("EC PRIVATE KEY", ((RSA)material.Key).ExportRSAPrivateKey());
        AssertRefused("damaged, or is neither EC nor RSA", pem, algorithm: "PS256");
    }

    [Fact]
    public void FromPem_AKeyThatSignsNothingHere_Throws()
    {
        // PKCS#8 of an Ed25519 key (RFC 8410 section 7), its 32 bytes drawn now.
        byte[] der = [0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20, .. RandomNumberGenerator.GetBytes(32)];
        AssertRefused("damaged, or is neither EC nor RSA", PemEncoding.WriteString("PRIVATE KEY", der));
    }

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----\n!!!! this is no base64 at all !!!!\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCC\n-----END EC PRIVATE KEY-----")]
    [InlineData("MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg")]
    public void FromPem_NoPemAtAll_Throws(string text) => AssertRefused("no whole private key", text);

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void FromPem_NothingInIt_Throws(string text)
    {
        Assert.Throws<ArgumentException>("pem", () => DpopKey.FromPem(text));
        Assert.Throws<ArgumentException>("pem", () => DpopKey.FromEncryptedPem(text, KeyMaterial.Passphrase));
    }

    [Fact]
    public void FromPem_Null_Throws() => Assert.Throws<ArgumentNullException>("pem", () => DpopKey.FromPem(null!));

    [Fact]
    public void FromPem_AKeyEncryptedInTheOldWay_SaysHowToConvertIt()
    {
        using KeyMaterial material = KeyMaterial.Create();
        string headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,8F1C2A5E0B7D4C6390A1B2C3D4E5F607\n\n";
        string pem = material.TraditionalPem.Replace("KEY-----\n", $"KEY-----\n{headers}", StringComparison.Ordinal);
        string certificate = SelfSigned.Create(material).ExportCertificatePem();
        foreach (string text in (string[])[pem, $"{certificate}\n{pem}", $"{pem}\n{certificate}"])
        {
            AssertRefused("encrypted in OpenSSL's old way: convert it with 'openssl pkcs8 -topk8'", text);
            AssertRefused("encrypted in OpenSSL's old way: convert it with 'openssl pkcs8 -topk8'", text, KeyMaterial.Passphrase);
        }
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public void FromPem_AnyByteChanged_IsRefusedOrIsAKeyThatSigns(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        byte[] good = material.Key.ExportPkcs8PrivateKey();
        int step = Math.Max(1, good.Length / 150);
        for (int i = 0; i < good.Length; i += step)
        {
            foreach (int change in (int[])[0x01, 0x80, 0xFF])
            {
                byte[] der = [.. good];
                der[i] ^= (byte)change;
                string pem = PemEncoding.WriteString("PRIVATE KEY", der);
                try
                {
                    using DpopKey key = DpopKey.FromPem(pem, algorithm);
                    DpopProof.Create(key, HttpMethod.Get, VerifiedProof.Uri);
                }
                catch (ArgumentException exception)
                {
                    Assert.Equal("pem", exception.ParamName);
                    AssertQuotesNothing(exception, pem);
                }
            }
        }
    }

    private static void AssertRefused(string words, string pem, string? passphrase = null, string? algorithm = null)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>("pem", () =>
            passphrase is null ? DpopKey.FromPem(pem, algorithm) : DpopKey.FromEncryptedPem(pem, passphrase, algorithm));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        AssertQuotesNothing(exception, pem);
        if (!string.IsNullOrEmpty(passphrase))
        {
            Assert.DoesNotContain(passphrase, exception.ToString(), StringComparison.Ordinal);
        }
    }

    /// <summary>Twelve characters are enough to find a key again.</summary>
    private static void AssertQuotesNothing(Exception exception, string pem)
    {
        string shown = exception.ToString();
        foreach (string line in pem.Split('\n').Where(line => !line.StartsWith("-----", StringComparison.Ordinal)))
        {
            for (int i = 0; i + 12 <= line.Length; i++)
            {
                Assert.DoesNotContain(line.Substring(i, 12), shown, StringComparison.Ordinal);
            }
        }
    }

    private static byte[] Oid(string value)
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        writer.WriteObjectIdentifier(value);
        return writer.Encode();
    }
}
