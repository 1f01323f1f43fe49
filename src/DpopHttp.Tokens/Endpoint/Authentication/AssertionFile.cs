namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>Reads an assertion that somebody else makes and replaces.</summary>
internal static class AssertionFile
{
    /// <exception cref="DpopTokenException">The file cannot be read, or has no JWT.</exception>
    public static string Read(string path)
    {
        string content;
        try
        {
            content = File.ReadAllText(path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, $"cannot be read: {exception.Message.TrimEnd('.')}", exception);
        }

        return content.Count(c => c == '.') == 2 && !content.AsSpan().ContainsAnyExceptInRange('!', '~') ? content : throw Unusable(path, "has no JWT in it", cause: null);
    }

    private static DpopTokenException Unusable(string path, string fault, Exception? cause) => new(
        DpopTokenErrorCodes.TokenUnavailable,
        $"The file '{path}' of {nameof(DpopTokenOptions)}.{nameof(DpopTokenOptions.ClientAssertionFile)} {fault}. It has one client assertion, which is a JWT (RFC 7523 "
        + "section 2.2). See that whatever writes it runs, and that this process may read it.",
        cause)
    {
        IsBeforeRequest = true,
    };
}
