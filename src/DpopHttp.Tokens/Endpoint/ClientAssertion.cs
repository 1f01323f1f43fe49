using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>Makes JWTs that a client authenticates with (RFC 7523 section 2.2: private_key_jwt).</summary>
internal sealed class ClientAssertion(string clientId, string privateJwk, TimeProvider time)
{
    /// <summary>It is used at once and once; users' clocks are minutes behind.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = CredentialsOf(privateJwk);

    /// <summary>The two form fields.</summary>
    public string Create(string audience)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        string jwt = _writer.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = clientId,
            Audience = audience,
            IssuedAt = now,
            Expires = now + Lifetime,
            SigningCredentials = _credentials,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = clientId,
                ["jti"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            },
        });
        return $"client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion={jwt}";
    }

    /// <summary>Null if the JWK can sign, else what is wrong with it, without its values.</summary>
    public static string? FindFault(string privateJwk)
    {
        try
        {
            _ = CredentialsOf(privateJwk);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return "is no private JWK with an algorithm that it can sign with (RFC 7517)";
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
