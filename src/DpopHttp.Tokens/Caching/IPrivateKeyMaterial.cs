namespace DpopHttp.Tokens.Caching;

/// <summary>Makes other secrets of a private key, so that everybody who has the key has them too, and nobody else.</summary>
internal interface IPrivateKeyMaterial
{
    /// <summary>Fills <paramref name="secret"/>, or returns false where the private part of the key cannot be used for that.</summary>
    /// <param name="key">The key.</param>
    /// <param name="purpose">Another purpose makes another secret.</param>
    /// <param name="secret">The secret.</param>
    public bool TryDerive(DpopKey key, ReadOnlySpan<byte> purpose, Span<byte> secret);
}
