using System.Buffers;
using System.Net.Http.Headers;

namespace DpopHttp.Origins;

/// <summary>The DPoP-Nonce field and the nonce's syntax (RFC 9449 sections 8 and 8.1).</summary>
internal static class Nonce
{
    public const string HeaderName = "DPoP-Nonce";

    /// <summary>Longer nonces are not kept: each proof would carry them. Characters.</summary>
    public const int MaximumLength = 2048;

    /// <summary>NQCHAR of RFC 6749 appendix A: visible ASCII without the quotation mark and the backslash.</summary>
    private static readonly SearchValues<char> NqChars = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(c => (char)c).Except(['"', '\\'])]);

    public static bool IsWellFormed(ReadOnlySpan<char> nonce) =>
        nonce.Length is > 0 and <= MaximumLength && !nonce.ContainsAnyExcept(NqChars);

    /// <summary>The response's nonce, or null if it has none, several different ones, or one that is not well-formed.</summary>
    public static string? Read(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(HeaderName, out HeaderStringValues values))
        {
            return null;
        }

        string? nonce = null;
        foreach (string value in values)
        {
            // A gateway may repeat the line; two nonces leave open which one counts.
            if (nonce is not null && value != nonce)
            {
                return null;
            }

            nonce = value;
        }

        return IsWellFormed(nonce) ? nonce : null;
    }
}
