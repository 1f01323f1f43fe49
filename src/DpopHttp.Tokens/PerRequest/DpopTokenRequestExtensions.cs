using DpopHttp.Tokens.PerRequest;

namespace DpopHttp;

/// <summary>What a caller can tell a client with tokens about one request.</summary>
public static class DpopTokenRequestExtensions
{
    private static readonly HttpRequestOptionsKey<TokenParameters?> Key = new("DpopHttp.TokenParameters");

    /// <summary>
    /// Sends the request with a token that is for something else than the client's options say, such as another tenant. For clients of <c>AddDpopClientCredentials</c>,
    /// <c>AddDpopRefreshToken</c> and <c>AddDpopToken</c>. Each combination has a token of its own, which is fetched once, kept and renewed as the client's is; a client keeps
    /// those of the 1,000 combinations that it used last. Where the request may go doesn't change.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="parameters">What the token is for; looked at now, later changes have no effect. Null: what the options say, again.</param>
    /// <exception cref="ArgumentNullException">The request is null.</exception>
    /// <exception cref="ArgumentException">A resource or a value is empty, or a parameter is one that every token request sets by itself, such as <c>grant_type</c>.</exception>
    public static void SetDpopTokenParameters(this HttpRequestMessage request, DpopTokenParameters? parameters)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Key, Snapshot(parameters));
    }

    internal static TokenParameters GetDpopTokenParameters(this HttpRequestMessage request) =>
        request.Options.TryGetValue(Key, out TokenParameters? parameters) && parameters is not null ? parameters : TokenParameters.None;

    /// <exception cref="ArgumentException">See <see cref="SetDpopTokenParameters"/>.</exception>
    internal static TokenParameters Snapshot(DpopTokenParameters? parameters)
    {
        if (parameters is null)
        {
            return TokenParameters.None;
        }

        if (parameters.Resources.Any(string.IsNullOrWhiteSpace) || parameters.Parameters.Any(p => string.IsNullOrWhiteSpace(p.Key) || p.Value is null))
        {
            throw new ArgumentException("A resource or a parameter is empty. Give each a name and a value, or leave it out.", nameof(parameters));
        }

        return parameters.Parameters.Keys.FirstOrDefault(name => name == "client_id" || ReservedParameters.Contains(name)) is { } reserved
            ? throw new ArgumentException(
                $"The parameter '{reserved}' is one that every token request sets by itself. Remove it, or use {nameof(DpopTokenParameters.Scope)} or {nameof(DpopTokenParameters.Resources)} for it.",
                nameof(parameters))
            : new TokenParameters(parameters);
    }
}
