using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace SignInServer;

/// <summary>Signs tokens with a key that is made at run time, and publishes its public half.</summary>
internal sealed class TokenSigner : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials;

    public TokenSigner()
    {
        ECDsaSecurityKey key = new(_key);
        key.KeyId = Base64Url.EncodeToString(key.ComputeJwkThumbprint());
        _credentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256);
    }

    public IReadOnlyDictionary<string, string> PublicJwk
    {
        get
        {
            ECPoint q = _key.ExportParameters(includePrivateParameters: false).Q;
            return new Dictionary<string, string>
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = Base64Url.EncodeToString(q.X),
                ["y"] = Base64Url.EncodeToString(q.Y),
                ["kid"] = _credentials.Key.KeyId,
                ["alg"] = "ES256",
                ["use"] = "sig",
            };
        }
    }

    /// <summary>For the API (RFC 9068), bound to the key (RFC 9449 section 6.1).</summary>
    public string AccessToken(string issuer, Grant grant, string clientId, TimeSpan lifetime) => Sign("at+jwt", issuer, "orders-api", lifetime, new()
    {
        ["sub"] = grant.User,
        ["client_id"] = clientId,
        ["scope"] = "orders",
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["cnf"] = new Dictionary<string, object> { ["jkt"] = grant.Thumbprint },
    });

    /// <summary>For the app: who signed in.</summary>
    public string IdToken(string issuer, Grant grant, string clientId) => Sign("JWT", issuer, clientId, TimeSpan.FromMinutes(5), new()
    {
        ["sub"] = grant.User,
        ["name"] = grant.User,
        ["nonce"] = grant.Request.Nonce,
    });

    public void Dispose() => _key.Dispose();

    private string Sign(string type, string issuer, string audience, TimeSpan lifetime, Dictionary<string, object> claims)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = type,
            Issuer = issuer,
            Audience = audience,
            IssuedAt = now,
            Expires = now + lifetime,
            SigningCredentials = _credentials,
            Claims = claims,
        });
    }
}
