using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace DpopHttp.Tests.Handmade;

/// <summary>A proof whose every part can be spoilt before it is signed.</summary>
internal sealed class HandmadeProof
{
    private readonly HandmadeKey _key;

    public HandmadeProof(HandmadeKey key, string method, string uri, DateTimeOffset issuedAt, string? token = null, string? nonce = null)
    {
        _key = key;
        Header = new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = key.Algorithm, ["jwk"] = key.PublicJwk() };
        Claims = new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["htm"] = method,
            ["htu"] = uri,
            ["iat"] = issuedAt.ToUnixTimeSeconds(),
        };
        if (token is not null)
        {
            Claims["ath"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        }

        if (nonce is not null)
        {
            Claims["nonce"] = nonce;
        }
    }

    public JsonObject Header { get; }

    public JsonObject Jwk => Header["jwk"]!.AsObject();

    public JsonObject Claims { get; }

    public override string ToString() => Compact(Header.ToJsonString(), Claims.ToJsonString());

    /// <summary>Signs these texts as they are, whether JSON or not.</summary>
    public string Compact(string header, string claims) => Compact(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims));

    public string Compact(byte[] header, byte[] claims)
    {
        string input = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}";
        return $"{input}.{Base64Url.EncodeToString(_key.Sign(Encoding.ASCII.GetBytes(input)))}";
    }
}
