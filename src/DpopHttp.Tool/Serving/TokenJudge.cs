using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tool.Serving;

/// <summary>Says whether an access token is good, and if not, why.</summary>
/// <param name="issuer">Whose tokens are good; null for whoever has signed with one of the keys.</param>
/// <param name="keys">What tokens are signed with.</param>
internal sealed class TokenJudge(string? issuer, IReadOnlyList<SecurityKey> keys)
{
    private readonly JsonWebTokenHandler _handler = new();

    /// <summary>The claims of the token; or what is wrong with it.</summary>
    public async Task<(JsonWebToken? Token, string? Problem)> JudgeAsync(string token)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidateIssuer = issuer is not null,
            ValidIssuer = issuer,
            IssuerSigningKeys = keys,
            ValidateAudience = false,
            ClockSkew = TimeSpan.FromSeconds(5),
            RequireExpirationTime = true,
        }).ConfigureAwait(false);
        return result.IsValid ? ((JsonWebToken)result.SecurityToken, null) : (null, result.Exception switch
        {
            SecurityTokenExpiredException => "The access token has expired.",
            SecurityTokenInvalidIssuerException => $"The access token isn't of the issuer {issuer}.",
            SecurityTokenSignatureKeyNotFoundException => $"The access token is signed with a key that {issuer ?? "this server"} doesn't publish.",
            SecurityTokenInvalidSignatureException => "The signature of the access token isn't right.",
            SecurityTokenMalformedException => "The access token isn't a JWT that can be read.",
            SecurityTokenNoExpirationException => "The access token has no exp.",
            _ => "The access token isn't valid.",
        });
    }
}
