using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Keys;

/// <summary>
/// The three forms of a key file, each told by its beginning: a JWK; PEM as PKCS#8 under a passphrase; and PEM of our own label around what
/// the user's protection made of the JWK.
/// </summary>
internal static class KeyFileFormat
{
    private const string ProtectedLabel = "PROTECTED DPOP KEY";

    /// <summary>Stands before the PEM (RFC 7468 section 2 allows text there): PKCS#8 does not say which of six algorithms an RSA key is for.</summary>
    private const string AlgorithmPrefix = "Algorithm: ";

    public static byte[] Encode(DpopKey key, DpopKeyFile file)
    {
        string text = file switch
        {
            { Protection.Passphrase: { } passphrase } => $"{AlgorithmPrefix}{key.Algorithm}\n{key.ExportEncryptedPem(passphrase)}\n",
            { Protection: { } protection } => PemEncoding.WriteString(ProtectedLabel, protection.Protect(key.ExportPrivateJwk())) + "\n",
            _ => key.ExportPrivateJwk() + "\n",
        };
        return Encoding.UTF8.GetBytes(text);
    }

    /// <exception cref="MalformedKeyException">The content isn't a key, or isn't in the form or of the algorithm that is expected.</exception>
    public static KeyPair Decode(ReadOnlySpan<byte> content, DpopKeyFile file, string? algorithm)
    {
        // Some editors put a byte order mark before what they save.
        string text = Encoding.UTF8.GetString(content).TrimStart('\uFEFF').Trim();
        if (text.Length == 0)
        {
            throw new MalformedKeyException("The file is empty.");
        }

        KeyPair pair = Decode(text, file);
        if (algorithm is null || algorithm == pair.Algorithm.Name)
        {
            return pair;
        }

        pair.Dispose();
        throw new UnexpectedKeyException($"The file's key is for {pair.Algorithm.Name}, but {algorithm} is asked for: {nameof(DpopKeyFile.Rotate)} puts such a key in its place and keeps this one.");
    }

    private static KeyPair Decode(string text, DpopKeyFile file)
    {
        bool isProtected = text.Contains($"-----BEGIN {ProtectedLabel}-----", StringComparison.Ordinal);
        bool isEncrypted = text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal);
        string? passphrase = file.Protection?.Passphrase;
        bool hasOtherProtection = file.Protection is not null && passphrase is null;
        if (isProtected != hasOtherProtection || isEncrypted != passphrase is not null)
        {
            throw new UnexpectedKeyException(
                $"The file's key {(isProtected ? "has protection of the application's own" : isEncrypted ? "is encrypted with a passphrase" : "is not encrypted")}, "
                + $"but {(hasOtherProtection ? "other protection" : passphrase is not null ? "a passphrase" : "neither passphrase nor protection")} is set for it.");
        }

        if (isProtected)
        {
            return JwkReader.ReadPrivate(Unprotect(text, file.Protection!));
        }

        return text.StartsWith('{')
            ? JwkReader.ReadPrivate(text)
            : PemReader.Read(text, passphrase, StatedAlgorithm(text) ?? file.Algorithm);
    }

    private static string? StatedAlgorithm(string text) => text.StartsWith(AlgorithmPrefix, StringComparison.Ordinal)
        ? text.Split('\n', 2)[0][AlgorithmPrefix.Length..].Trim()
        : null;

    private static string Unprotect(string text, DpopKeyProtection protection) => PemEncoding.TryFind(text, out PemFields fields)
        ? protection.Unprotect(Convert.FromBase64String(text[fields.Base64Data]))
        : throw new MalformedKeyException("The file is not whole.");
}
