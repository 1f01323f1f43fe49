using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LoopbackServers.AuthorizationServer;

/// <summary>Signs access tokens (RFC 9068) with a key that is made at run time, and publishes its public half.</summary>
internal sealed class AccessTokenIssuer : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials;
    private readonly LoopbackAuthorizationServerOptions _options;

    public AccessTokenIssuer(LoopbackAuthorizationServerOptions options)
    {
        _options = options;
        ECDsaSecurityKey key = new(_key);
        key.KeyId = Base64Url.EncodeToString(key.ComputeJwkThumbprint());
        _credentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256);
    }

    /// <summary>The public key as a JWK (RFC 7517); what the API verifies tokens with.</summary>
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
                ["alg"] = _credentials.Algorithm,
                ["use"] = "sig",
            };
        }
    }

    /// <summary>A token for the client, bound to the key whose proof came with the request.</summary>
    public string Issue(string issuer, string clientId, string thumbprint)
    {
        DateTime now = _options.TimeProvider.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = "at+jwt",
            Issuer = issuer,
            Audience = _options.Audience,
            IssuedAt = now,
            Expires = now + _options.TokenLifetime,
            SigningCredentials = _credentials,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = clientId,
                ["client_id"] = clientId,
                ["scope"] = _options.Scope,
                ["jti"] = Guid.NewGuid().ToString("N"),

                // RFC 9449 section 6.1: this is what makes a stolen token worthless.
                ["cnf"] = new Dictionary<string, object> { ["jkt"] = thumbprint },
            },
        });
    }

    public void Dispose() => _key.Dispose();
}
