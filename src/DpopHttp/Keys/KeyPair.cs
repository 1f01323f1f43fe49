namespace DpopHttp.Keys;

/// <summary>The cryptography behind a <see cref="DpopKey"/>. Safe for use by any number of threads at once.</summary>
internal abstract class KeyPair : IDisposable
{
    /// <summary>The longest signature of any algorithm here: RSA with 16,384 bits.</summary>
    public const int MaximumSignatureSize = 2048;

    public abstract SigningAlgorithm Algorithm { get; }

    /// <summary>The required public members in lexicographic order, without white space: what RFC 7638 section 3 hashes.</summary>
    public abstract string CreatePublicJwk();

    public abstract string CreatePrivateJwk();

    /// <summary>Signs <paramref name="data"/> in the form of RFC 7518 section 3 and returns the signature's length.</summary>
    public abstract int Sign(ReadOnlySpan<byte> data, Span<byte> destination);

    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    public abstract void Dispose();
}
