using System.Numerics;
using System.Security.Cryptography;

namespace DpopHttp.Keys;

/// <summary>Turns a private key in PEM (RFC 7468) into a key pair: PKCS#8 (RFC 5958), SEC1 (RFC 5915) or PKCS#1 (RFC 8017).</summary>
internal static class PemReader
{
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <exception cref="MalformedKeyException">The text has no such key, or one that cannot be used; the message says why and quotes nothing.</exception>
    public static KeyPair Read(string pem, string? passphrase, string? algorithm)
    {
        string label = FindPrivateKey(pem, out ReadOnlySpan<char> key);
        if (label == Encrypted && passphrase is null)
        {
            throw new UnexpectedKeyException("The PEM's key is encrypted: its passphrase is needed.");
        }

        if (label != Encrypted && passphrase is not null)
        {
            throw new UnexpectedKeyException("The PEM's key is not encrypted, but a passphrase was given for it.");
        }

        if (label == Encrypted)
        {
            RefuseTooManyRounds(key);
        }

        return label switch
        {
            "EC PRIVATE KEY" => ReadEc(key, passphrase, algorithm) ?? throw NoKey(label),
            "RSA PRIVATE KEY" => ReadRsa(key, passphrase, algorithm) ?? throw NoKey(label),

            // The likely kind first: each try hashes the passphrase anew.
            _ when SigningAlgorithm.Find(algorithm)?.Padding is not null => ReadRsa(key, passphrase, algorithm) ?? ReadEc(key, passphrase, algorithm) ?? throw NoKey(label),
            _ => ReadEc(key, passphrase, algorithm) ?? ReadRsa(key, passphrase, algorithm) ?? throw NoKey(label),
        };
    }

    private static void RefuseTooManyRounds(ReadOnlySpan<char> pem)
    {
        PemFields fields = PemEncoding.Find(pem);
        byte[] encrypted = new byte[fields.DecodedDataLength];
        if (Convert.TryFromBase64Chars(pem[fields.Base64Data], encrypted, out int length)
            && EncryptionRounds.Read(encrypted.AsMemory(0, length)) is { } rounds && rounds > EncryptionRounds.Maximum)
        {
            throw new MalformedKeyException(
                $"The PEM's passphrase would have to be hashed {Count(rounds)} times, more than the {EncryptionRounds.Maximum:N0} that are allowed, since that would take too long. "
                + "Encrypt the key anew with fewer rounds: 'openssl pkcs8 -topk8 -iter 600000'.");
        }
    }

    private static string Count(BigInteger rounds) => rounds <= long.MaxValue ? $"{rounds:N0}" : "more than 2^63";

    /// <summary>The label of the one private key among the text's sections; certificates and parameters may stand beside it.</summary>
    private static string FindPrivateKey(ReadOnlySpan<char> pem, out ReadOnlySpan<char> key)
    {
        string? found = null;
        key = default;
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            ReadOnlySpan<char> label = rest[fields.Label];
            if (label is "PRIVATE KEY" or Encrypted or "EC PRIVATE KEY" or "RSA PRIVATE KEY")
            {
                if (found is not null)
                {
                    throw new MalformedKeyException("The PEM has several private keys: give the one to use.");
                }

                found = label.ToString();
                key = rest[fields.Location];
            }

            rest = rest[fields.Location.End..];
        }

        return found ?? throw new MalformedKeyException(pem.Contains("Proc-Type:", StringComparison.Ordinal)
            ? "The PEM's key is encrypted in OpenSSL's old way: convert it with 'openssl pkcs8 -topk8'."
            : KeyText.DescribeInPlaceOfPem(pem) ?? "The PEM has no whole private key: PKCS#8, SEC1 and PKCS#1 can be read.");
    }

    private static KeyPair? ReadEc(ReadOnlySpan<char> pem, string? passphrase, string? algorithm)
    {
        ECDsa key = ECDsa.Create();
        return TryImport(key, pem, passphrase) ? ImportedKey.From(key, algorithm) : null;
    }

    private static KeyPair? ReadRsa(ReadOnlySpan<char> pem, string? passphrase, string? algorithm)
    {
        RSA key = RSA.Create();
        return TryImport(key, pem, passphrase) ? ImportedKey.From(key, algorithm) : null;
    }

    private static bool TryImport(AsymmetricAlgorithm key, ReadOnlySpan<char> pem, string? passphrase)
    {
        try
        {
            if (passphrase is null)
            {
                key.ImportFromPem(pem);
            }
            else
            {
                key.ImportFromEncryptedPem(pem, passphrase);
            }

            return true;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return false;
        }
        catch (PlatformNotSupportedException)
        {
            // So says the platform of a curve that it does not know.
            key.Dispose();
            throw new MalformedKeyException(ImportedKey.OtherCurve);
        }
    }

    private static MalformedKeyException NoKey(string label) => new(label == Encrypted
        ? "The PEM's key cannot be opened with this passphrase, or is damaged, or is neither EC nor RSA."
        : "The PEM's key is damaged, or is neither EC nor RSA.");
}
