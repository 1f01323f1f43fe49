using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Benchmarks;

/// <summary>The proof as an application writes it with the general JWT library: its key and its descriptor are made as seldom as they can be.</summary>
internal sealed class PeerProof
{
    private readonly JsonWebTokenHandler _writer = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials;
    private readonly Dictionary<string, object> _jwk;
    private readonly string _hash;

    public PeerProof(string token)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        ECPoint q = key.ExportParameters(includePrivateParameters: false).Q;
        _credentials = new SigningCredentials(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256);
        _jwk = new() { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Base64Url.EncodeToString(q.X), ["y"] = Base64Url.EncodeToString(q.Y) };
        _hash = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
    }

    public string Create() => _writer.CreateToken(new SecurityTokenDescriptor
    {
        TokenType = "dpop+jwt",
        SigningCredentials = _credentials,
        AdditionalHeaderClaims = new Dictionary<string, object> { ["jwk"] = _jwk },
        Claims = new Dictionary<string, object>
        {
            ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = "GET",
            ["htu"] = "https://api.example.com/v1/orders/4711",
            ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(),
            ["ath"] = _hash,
            ["nonce"] = Sample.Nonce,
        },
    });
}
