using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Proofs;

/// <summary>The ath claim: base64url of the SHA-256 of the token's ASCII characters (RFC 9449 section 4.2).</summary>
internal static class AccessTokenHash
{
    private static readonly SearchValues<char> VisibleAscii = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c)]);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(VisibleAscii);

    public static string Of(string token)
    {
        byte[] ascii = ArrayPool<byte>.Shared.Rent(token.Length);
        try
        {
            int length = Encoding.ASCII.GetBytes(token, ascii);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(ascii.AsSpan(0, length), hash);
            return Base64Url.EncodeToString(hash);
        }
        finally
        {
            // The token does not stay behind in a shared buffer.
            ArrayPool<byte>.Shared.Return(ascii, clearArray: true);
        }
    }
}
