using System.Buffers;
using System.Buffers.Text;

namespace DpopHttp.Verification;

/// <summary>Base64url as RFC 7515 section 2 defines it: without padding, white space or stray bits.</summary>
internal static class Base64UrlText
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly SearchValues<byte> AlphabetBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    /// <summary>Decodes into a buffer that must be large enough.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;

        // The framework's decoder also takes padding and white space.
        return !text.ContainsAnyExcept(Alphabet)
            && Base64Url.DecodeFromChars(text, destination, out _, out written) == OperationStatus.Done;
    }

    /// <summary>Decodes UTF-8 text; false as well when the result would be larger than the destination, or was encoded in another way.</summary>
    public static bool TryDecodeExactly(ReadOnlySpan<byte> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.ContainsAnyExcept(AlphabetBytes)
            || text.Length > Base64Url.GetEncodedLength(destination.Length)
            || Base64Url.DecodeFromUtf8(text, destination, out _, out written) != OperationStatus.Done)
        {
            return false;
        }

        // Unused bits in the last character would give one value two texts.
        Span<byte> last = stackalloc byte[4];
        int tail = written % 3;
        return tail == 0
            || (Base64Url.TryEncodeToUtf8(destination[(written - tail)..written], last, out int length) && text.EndsWith(last[..length]));
    }
}
