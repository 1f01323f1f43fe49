namespace DpopHttp.Verification;

/// <summary>Text from a sender, made safe for a message, a log and a header: no control characters, and not too long.</summary>
internal static class Printable
{
    private const int MaxLength = 200;

    public static string Quote(string? text) => text is null ? "missing or not a string" : $"'{Clean(text)}'";

    public static string Clean(string text)
    {
        string kept = text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        return kept.AsSpan().ContainsAnyExceptInRange(' ', '~') ? string.Create(kept.Length, kept, Replace) : kept;
    }

    /// <summary>A URI as far as it may be shown: a query can hold secrets.</summary>
    public static string WithoutQuery(string uri)
    {
        int end = uri.AsSpan().IndexOfAny('?', '#');
        return end < 0 ? uri : uri[..end];
    }

    private static void Replace(Span<char> destination, string source)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = source[i] is (>= ' ' and <= '~') or '…' ? source[i] : '?';
        }
    }
}
