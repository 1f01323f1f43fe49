using DpopHttp.Shared;
using DpopHttp.Tool.Output;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tool.Tokens.Flows;

/// <summary>Takes the answer of a token endpoint only when it has a token that is bound to the key (RFC 9449 section 5).</summary>
internal static class TokenAnswer
{
    /// <summary>When the token expires; null when the server doesn't say.</summary>
    public static DateTimeOffset? ExpiryOf(TokenResponse answer, TimeProvider timeProvider) =>
        answer.ExpiresIn > 0 ? timeProvider.GetUtcNow().AddSeconds(answer.ExpiresIn) : null;

    /// <exception cref="ToolException">It was refused, or the token isn't bound.</exception>
    public static TokenResponse Require(TokenResponse answer, DpopKey key)
    {
        if (answer.IsError || answer.AccessToken is not { Length: > 0 } token)
        {
            throw new ToolException($"The token was refused: {IdentitySession.Describe(answer, answer.ErrorDescription)}");
        }

        if (!"DPoP".Equals(answer.TokenType, StringComparison.OrdinalIgnoreCase))
        {
            throw new ToolException($"The token isn't bound to the key: its type is {Printable.Clean(answer.TokenType ?? "missing", 40)}. The server or this client isn't set up for DPoP. Nothing was stored.");
        }

        return JwtConfirmation.ReadThumbprint(token) is { } bound && bound != key.Thumbprint
            ? throw new ToolException($"The token is bound to another key ({Printable.Clean(bound, 60)}) than {key.Thumbprint}. Nothing was stored.")
            : answer;
    }
}
