using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>The ath claim: RFC 9449 section 4.2.</summary>
internal static class AccessTokenHash
{
    /// <summary>What is wrong with the ath of a proof that came with this token, or null.</summary>
    public static string? Problem(string token, JsonElement claims)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(token.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(token, bytes)), hash);
        ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        Span<byte> expected = stackalloc byte[43];
        Base64Url.EncodeToUtf8(hash, expected);
        if (StrictJson.TryGetText(claims, "ath"u8, out JsonElement claim) && claim.ValueEquals(expected))
        {
            return null;
        }

        string found = Printable.Quote(StrictJson.GetString(claims, "ath"u8));
        return $"The ath is {found}; the hash of the token that came with the proof is '{Encoding.ASCII.GetString(expected)}'.";
    }
}
