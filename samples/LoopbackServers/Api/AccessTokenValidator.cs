using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LoopbackServers.Api;

/// <summary>Authorization: is this a token of our authorization server, for this API, still good, and for this scope?</summary>
internal sealed class AccessTokenValidator(LoopbackApiOptions options, IList<SecurityKey> issuerKeys)
{
    private readonly JsonWebTokenHandler _handler = new();

    private readonly TokenValidationParameters _parameters = new()
    {
        ValidTypes = ["at+jwt"],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKeys = issuerKeys,
        ValidIssuer = options.Issuer,
        ValidAudience = options.Audience,
        LifetimeValidator = (_, expires, _, _) => expires > options.TimeProvider.GetUtcNow().UtcDateTime,
    };

    public async Task<TokenVerdict> ValidateAsync(string token)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid)
        {
            TokenCheck failed = CheckOf(result.Exception);
            return TokenVerdict.Refused(failed, $"The access token fails the check {failed}.");
        }

        JsonWebToken accepted = (JsonWebToken)result.SecurityToken;
        if (ThumbprintOf(accepted) is not { } thumbprint)
        {
            return TokenVerdict.Refused(TokenCheck.Binding, "The access token is not bound to a key: it has no cnf.jkt.");
        }

        return HasScope(accepted)
            ? new TokenVerdict(thumbprint)
            : TokenVerdict.Refused(TokenCheck.Scope, $"The access token lacks the scope {options.Scope}.");
    }

    private bool HasScope(JsonWebToken token) =>
        token.TryGetValue("scope", out string? scopes) && scopes is not null && scopes.Split(' ').Contains(options.Scope);

    private static string? ThumbprintOf(JsonWebToken token) =>
        token.TryGetValue("cnf", out JsonElement confirmation)
        && confirmation.ValueKind == JsonValueKind.Object
        && confirmation.TryGetProperty("jkt", out JsonElement thumbprint)
        && thumbprint.ValueKind == JsonValueKind.String
            ? thumbprint.GetString()
            : null;

    private static TokenCheck CheckOf(Exception exception) => exception switch
    {
        SecurityTokenInvalidIssuerException => TokenCheck.Issuer,
        SecurityTokenInvalidAudienceException => TokenCheck.Audience,
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException => TokenCheck.Lifetime,
        SecurityTokenInvalidTypeException or SecurityTokenMalformedException => TokenCheck.Type,
        _ => TokenCheck.Signature,
    };
}
