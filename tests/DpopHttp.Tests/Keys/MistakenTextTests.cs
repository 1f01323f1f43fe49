using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using DpopHttp.Keys;

namespace DpopHttp.Tests.Keys;

/// <summary>Texts that are not what was asked for, and keys that would take too long to open.</summary>
public class MistakenTextTests
{
    [Theory]
    [InlineData("<!DOCTYPE html><html><body>404 Not Found</body></html>", "looks like HTML or XML")]
    [InlineData("\n <html>", "looks like HTML or XML")]
    [InlineData("/run/secrets/key.pem", "looks like the path of a file: give the file's content, as File.ReadAllText")]
    [InlineData("key.pem", "looks like the path of a file")]
    [InlineData("C:\\keys\\orders.key", "looks like the path of a file")]
    [InlineData("{\"kty\":\"EC\"}", "a JWK is read by DpopKey.FromJwk")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "has a certificate only")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "has a public key only")]
    [InlineData("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "ssh-keygen -p -m PKCS8")]
    [InlineData("anything else", "no whole private key: PEM begins with")]
    public void FromPem_AnotherText_SaysWhatItLooksLikeAndDoesNotQuoteIt(string text, string words) =>
        AssertSays("pem", () => DpopKey.FromPem(text), words, text);

    [Theory]
    [InlineData("<html>", "looks like HTML or XML")]
    [InlineData("../keys/orders.jwk", "looks like the path of a file")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "it is read by DpopKey.FromPem")]
    [InlineData("{\"keys\":[{\"kty\":\"EC\"}]}", "is a JWK set: it has \"keys\". Give one key out of it")]
    [InlineData("[]", "is not a JSON object")]
    [InlineData("{", "not well-formed JSON")]
    public void FromJwk_AnotherText_SaysWhatItLooksLikeAndDoesNotQuoteIt(string text, string words) =>
        AssertSays("privateJwkJson", () => DpopKey.FromJwk(text), words, text);

    [Theory]
    [InlineData("ES256", null)]
    [InlineData("PS256", "PS256")]
    public void FromEncryptedPem_EightMillionRounds_AreRefusedBeforeTheyAreCounted(string kind, string? algorithm)
    {
        const int OurRounds = 600_000;
        using KeyMaterial material = KeyMaterial.Create(kind);
        byte[] der = Convert.FromBase64String(Base64Of(material.Encrypt(new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, OurRounds))));
        byte[] rounds = new BigInteger(OurRounds).ToByteArray(isBigEndian: true);
        new BigInteger(8_000_000).ToByteArray(isBigEndian: true).CopyTo(der, der.AsSpan().IndexOf(rounds));
        string pem = PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", der);
        AssertSays("pem", () => DpopKey.FromEncryptedPem(pem, KeyMaterial.Passphrase, algorithm), "hashed 8,000,000 times, more than the 1,000,000 that are allowed", KeyMaterial.Passphrase);
    }

    [Fact]
    public void EncryptionRounds_OfAnOlderScheme_AreRead()
    {
        AsnWriter writer = new(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.12.1.3");
                using (writer.PushSequence())
                {
                    writer.WriteOctetString("saltsalt"u8);
                    writer.WriteInteger(BigInteger.Pow(10, 30));
                }
            }

            writer.WriteOctetString("encrypted"u8);
        }

        Assert.Equal(BigInteger.Pow(10, 30), EncryptionRounds.Read(writer.Encode()));
        AssertSays(
            "pem", () => DpopKey.FromEncryptedPem(PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", writer.Encode()), "passphrase"), "hashed more than 2^63 times", "passphrase\"");
    }

    private static string Base64Of(string pem) => pem[PemEncoding.Find(pem).Base64Data];

    private static void AssertSays(string parameter, Action use, string words, string secret)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(parameter, use);
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, exception.ToString(), StringComparison.Ordinal);
    }
}
