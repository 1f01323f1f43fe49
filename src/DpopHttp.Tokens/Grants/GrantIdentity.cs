using DpopHttp.Tokens.PerRequest;

namespace DpopHttp.Tokens.Grants;

/// <summary>A text that is the same for options and parameters that get tokens for the same purpose, and for no others.</summary>
internal static class GrantIdentity
{
    public static string Of(DpopTokenOptions options, TokenParameters parameters) => Fingerprint.Of(
    [
        (options.Authority ?? options.TokenEndpoint)?.AbsoluteUri,
        options.ClientId,
        parameters.Scope(options),
        .. parameters.Resources(options).Order(StringComparer.Ordinal),
        .. parameters.Further(options).OrderBy(p => p.Key, StringComparer.Ordinal).SelectMany(p => (string[])[p.Key, p.Value]),
    ]);
}
