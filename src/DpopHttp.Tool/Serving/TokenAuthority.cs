using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tool.Serving;

/// <summary>Signs access tokens (RFC 9068) with a key that is made at each start.</summary>
internal sealed class TokenAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _timeProvider;

    public TokenAuthority(TimeSpan lifetime, TimeProvider timeProvider)
    {
        _lifetime = lifetime;
        _timeProvider = timeProvider;
        Key = new ECDsaSecurityKey(_key);
        Key.KeyId = Base64Url.EncodeToString(Key.ComputeJwkThumbprint());
    }

    public ECDsaSecurityKey Key { get; }

    public JsonObject PublicJwk
    {
        get
        {
            ECPoint q = _key.ExportParameters(includePrivateParameters: false).Q;
            return new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(q.X),
                ["y"] = Base64Url.EncodeToString(q.Y),
                ["kid"] = Key.KeyId,
                ["alg"] = "ES256",
                ["use"] = "sig",
            };
        }
    }

    public JsonObject Issue(string issuer, string clientId, string? scope, string thumbprint)
    {
        DateTime now = _timeProvider.GetUtcNow().UtcDateTime;
        string token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = issuer,
            Audience = issuer,
            IssuedAt = now,
            Expires = now + _lifetime,
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = clientId,
                ["client_id"] = clientId,
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["scope"] = scope ?? "",
                ["cnf"] = new Dictionary<string, object> { ["jkt"] = thumbprint },
            },
        });
        return new JsonObject
        {
            ["access_token"] = token,
            ["token_type"] = "DPoP",
            ["expires_in"] = (int)_lifetime.TotalSeconds,
            ["scope"] = scope,
        };
    }

    public void Dispose() => _key.Dispose();
}
