using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Tokens.Caching;

/// <summary>
/// Tells entries that a holder of the private key wrote from those that somebody else put into the cache, by HMAC-SHA256 under a key that is derived
/// from the private key.
/// </summary>
internal sealed class EntrySeal
{
    private readonly byte[]? _macKey;

    public EntrySeal(DpopKey key, IPrivateKeyMaterial material)
    {
        byte[] macKey = new byte[SHA256.HashSizeInBytes];
        _macKey = material.TryDerive(key, "DpopHttp shared token v1"u8, macKey) ? macKey : null;
    }

    /// <summary>The token with its code; without one where the key cannot be used for it.</summary>
    public SharedToken Seal(string entry, SharedToken token) =>
        _macKey is null ? token : token with { Mac = Base64Url.EncodeToString(Compute(entry, token)) };

    /// <summary>Whether the entry may be used: whoever can make a code takes none without.</summary>
    public bool IsIntact(string entry, SharedToken token) =>
        _macKey is null
        || (token.Mac is { } mac && Base64Url.IsValid(mac, out int length) && length == SHA256.HashSizeInBytes
            && CryptographicOperations.FixedTimeEquals(Base64Url.DecodeFromChars(mac), Compute(entry, token)));

    /// <summary>None of the parts has a line break: the entry's name and the token are looked at before.</summary>
    private byte[] Compute(string entry, SharedToken token) =>
        HMACSHA256.HashData(_macKey!, Encoding.UTF8.GetBytes($"{entry}\n{token.AccessToken}\n{token.ObtainedAt}\n{token.ExpiresAt}"));
}
