using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DpopHttp.Tool.Keys;

namespace DpopHttp.Tool.Probing;

/// <summary>Makes proofs of which one thing is wrong, signed with the user's key or with another.</summary>
internal sealed class ProofForge : IDisposable
{
    private readonly string _algorithm;
    private readonly string _publicJwk;
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    public ProofForge(DpopKey key)
    {
        _algorithm = key.Algorithm;
        _publicJwk = key.PublicJwk;
        string pem = KeyPem.Of(key.ExportPrivateJwk(), isPrivate: true);
        AsymmetricAlgorithm algorithm = _algorithm[0] == 'E' ? _ec = ECDsa.Create() : _rsa = RSA.Create();
        algorithm.ImportFromPem(pem);
    }

    /// <summary>A proof that is right but for what is changed.</summary>
    public string Create(ProbeFacts facts, Action<JsonObject, JsonObject>? change = null)
    {
        JsonObject header = new() { ["typ"] = "dpop+jwt", ["alg"] = _algorithm, ["jwk"] = JsonNode.Parse(_publicJwk) };
        JsonObject claims = new()
        {
            ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = facts.Method,
            ["htu"] = facts.Url.GetLeftPart(UriPartial.Path),
            ["iat"] = facts.Time.ToUnixTimeSeconds(),
            ["ath"] = Hash(facts.Token),
        };
        if (facts.Nonce is { } nonce)
        {
            claims["nonce"] = nonce;
        }

        change?.Invoke(header, claims);
        string input = $"{Encode(header.ToJsonString())}.{Encode(claims.ToJsonString())}";
        return (string?)header["alg"] == "none" ? input + "." : $"{input}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(input)))}";
    }

    public static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }

    private byte[] Sign(byte[] data)
    {
        HashAlgorithmName hash = new("SHA" + _algorithm[2..]);
        return _ec?.SignData(data, hash) ?? _rsa!.SignData(data, hash, _algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
