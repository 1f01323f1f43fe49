namespace DpopHttp.Tokens.Grants;

/// <summary>The messages about token sources of the application's own: what was found, which rule, what to do.</summary>
internal static class SourceErrors
{
    public static DpopTokenException Failed(string client, string what, Exception? cause) => new(
        DpopTokenErrorCodes.TokenUnavailable,
        $"The token source of the client '{client}' gave no token that can be used: {what}. No request goes out without one. See {nameof(DpopTokenSourceOptions)}.{nameof(DpopTokenSourceOptions.GetToken)}.",
        cause);
}
