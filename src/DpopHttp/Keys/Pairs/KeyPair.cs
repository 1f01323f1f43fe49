using System.Security.Cryptography;

namespace DpopHttp.Keys;

/// <summary>The cryptography behind a <see cref="DpopKey"/>. Safe for use by any number of threads at once.</summary>
internal abstract class KeyPair : IDisposable
{
    /// <summary>The longest signature of any algorithm here: RSA with 16,384 bits.</summary>
    public const int MaximumSignatureSize = 2048;

    /// <summary>600,000 rounds of PBKDF2 with SHA-256: about 0.2 s for whoever tries a passphrase.</summary>
    protected static readonly PbeParameters PassphraseEncryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 600_000);

    public abstract SigningAlgorithm Algorithm { get; }

    /// <summary>Bytes of each of its signatures.</summary>
    public abstract int SignatureSize { get; }

    /// <summary>False for a key behind a <see cref="DpopSigner"/>, whose signatures should be awaited.</summary>
    public virtual bool SignsInProcess => true;

    /// <summary>The required public members in lexicographic order, without white space: what RFC 7638 section 3 hashes.</summary>
    public abstract string CreatePublicJwk();

    public abstract string CreatePrivateJwk();

    /// <summary>The private key as PKCS#8 under a passphrase (RFC 8018 section 6.2: PBES2).</summary>
    public abstract string CreateEncryptedPem(string passphrase);

    /// <summary>Signs <paramref name="data"/> in the form of RFC 7518 section 3 and returns the signature's length.</summary>
    public abstract int Sign(ReadOnlySpan<byte> data, Span<byte> destination);

    /// <summary>As <see cref="Sign"/>, for keys outside the process.</summary>
    public virtual ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The key signs in process.");

    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    public abstract void Dispose();
}
