using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>Signs access tokens with a key that is made at run time.</summary>
internal sealed class TokenIssuer
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "orders-api";

    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "issuer" };

    public static TokenValidationParameters Parameters { get; } = new()
    {
        ValidIssuer = Issuer,
        ValidAudience = Audience,
        IssuerSigningKey = Key,
    };

    /// <summary>A token that is bound to a key, unless its thumbprint is null.</summary>
    public static string Issue(string? thumbprint, string subject = "alice", TimeSpan? lifetime = null)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        JsonObject claims = new()
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = subject,
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["nbf"] = now.AddHours(-2).ToUnixTimeSeconds(),
            ["exp"] = now.Add(lifetime ?? TimeSpan.FromHours(1)).ToUnixTimeSeconds(),
        };
        if (thumbprint is not null)
        {
            claims["cnf"] = new JsonObject { ["jkt"] = thumbprint };
        }

        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            claims.ToJsonString(), new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256), new Dictionary<string, object> { ["typ"] = "at+jwt" });
    }
}
