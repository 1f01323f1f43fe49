using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>Makes JWTs that a client authenticates with (RFC 7523 section 2.2: private_key_jwt).</summary>
internal sealed class AssertionWriter(string clientId, string privateJwk)
{
    /// <summary>It is used at once and once; users' clocks are minutes behind.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = CredentialsOf(privateJwk);

    /// <summary>Whether this is the one for the client and the key.</summary>
    public bool IsFor(string client, string jwk) => clientId == client && privateJwk == jwk;

    public string Create(string audience, DateTimeOffset now) => _writer.CreateToken(new SecurityTokenDescriptor
    {
        Issuer = clientId,
        Audience = audience,
        IssuedAt = now.UtcDateTime,
        Expires = (now + Lifetime).UtcDateTime,
        SigningCredentials = _credentials,
        Claims = new Dictionary<string, object>
        {
            ["sub"] = clientId,
            ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        },
    });

    /// <summary>Null if the JWK can sign, else what is wrong with it, without its values.</summary>
    public static string? FindFault(string privateJwk)
    {
        try
        {
            if (new JsonWebKey(privateJwk) is { Kty: JsonWebAlgorithmsKeyTypes.RSA, HasPrivateKey: true, Alg: null or "" })
            {
                return "is an RSA key without \"alg\", and nothing else says how to sign with it: add \"alg\": \"PS256\" to it, or \"alg\": \"RS256\" if the "
                    + "client is registered with that (RFC 7517 section 4.4)";
            }

            _ = CredentialsOf(privateJwk);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return "isn't a private JWK with an algorithm that it can sign with (RFC 7517)";
        }
    }

    private static SigningCredentials CredentialsOf(string privateJwk)
    {
        JsonWebKey key = new(privateJwk);
        string? algorithm = key.Alg is { Length: > 0 } named ? named : key.Crv switch
        {
            "P-256" => SecurityAlgorithms.EcdsaSha256,
            "P-384" => SecurityAlgorithms.EcdsaSha384,
            "P-521" => SecurityAlgorithms.EcdsaSha512,
            _ => null,
        };
        return algorithm is not null && key.HasPrivateKey && key.IsSupportedAlgorithm(algorithm)
            ? new SigningCredentials(key, algorithm)
            : throw new ArgumentException("The JWK cannot sign.", nameof(privateJwk));
    }
}
