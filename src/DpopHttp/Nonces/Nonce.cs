using System.Buffers;
using System.Net.Http.Headers;

namespace DpopHttp.Nonces;

/// <summary>The DPoP-Nonce field and the nonce's syntax (RFC 9449 sections 8 and 8.1).</summary>
internal static class Nonce
{
    public const string HeaderName = "DPoP-Nonce";

    /// <summary>Longer ones are not kept: each proof would carry them.</summary>
    public const int MaximumLength = 2048;

    /// <summary>NQCHAR of RFC 6749 appendix A: visible ASCII without the quotation mark and the backslash.</summary>
    private static readonly SearchValues<char> NqChars = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c).Except(['"', '\\'])]);

    public static bool IsWellFormed(ReadOnlySpan<char> nonce) =>
        nonce.Length is > 0 and <= MaximumLength && !nonce.ContainsAnyExcept(NqChars);

    /// <summary>The response's nonce, or null if it has none, more than one, or one that is not well-formed.</summary>
    public static string? Read(HttpResponseHeaders headers) =>
        headers.NonValidated.TryGetValues(HeaderName, out HeaderStringValues values) && values.Count == 1 && values.ToString() is var nonce && IsWellFormed(nonce)
            ? nonce
            : null;
}
