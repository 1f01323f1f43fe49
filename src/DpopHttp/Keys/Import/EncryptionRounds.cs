using System.Formats.Asn1;
using System.Numerics;

namespace DpopHttp.Keys;

/// <summary>How often a passphrase is hashed to open a key, which the file says and so whoever wrote it decides.</summary>
internal static class EncryptionRounds
{
    /// <summary>
    /// Ours are 600,000, which is what OWASP advises for PBKDF2 with SHA-256. A million take about a second, and longer ones would keep a starting service waiting.
    /// </summary>
    public const int Maximum = 1_000_000;

    private const string Pbes2 = "1.2.840.113549.1.5.13";

    /// <summary>The rounds of an EncryptedPrivateKeyInfo (RFC 5958 section 3), or null where the text isn't one: then nothing is hashed.</summary>
    public static BigInteger? Read(ReadOnlyMemory<byte> encryptedKey)
    {
        try
        {
            AsnReader algorithm = new AsnReader(encryptedKey, AsnEncodingRules.BER).ReadSequence().ReadSequence();
            bool isPbes2 = algorithm.ReadObjectIdentifier() == Pbes2;
            AsnReader parameters = algorithm.ReadSequence();
            if (isPbes2)
            {
                AsnReader derivation = parameters.ReadSequence();
                derivation.ReadObjectIdentifier();
                parameters = derivation.ReadSequence();
            }

            // RFC 8018 appendix A.2 and A.3, RFC 7292 appendix C: salt and rounds, in each of the schemes.
            parameters.ReadEncodedValue();
            return parameters.ReadInteger();
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
