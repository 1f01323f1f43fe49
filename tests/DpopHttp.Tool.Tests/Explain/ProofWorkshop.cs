using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Handmade;

namespace DpopHttp.Tool.Tests.Explain;

/// <summary>What broken proofs are made of.</summary>
internal sealed class ProofWorkshop : IDisposable
{
    public const string Url = "https://api.example.com/orders/42";
    public const string Nonce = "nonce-of-the-server";

    public ProofWorkshop(DateTimeOffset time)
    {
        Time = time;
        Key = HandmadeKey.Create();
        Token = TokenFor(Key.Thumbprint);
    }

    public DateTimeOffset Time { get; }

    public HandmadeKey Key { get; }

    public string Token { get; }

    /// <summary>A proof that is right, for changing.</summary>
    public HandmadeProof Right => new(Key, "GET", Url, Time, Token, Nonce);

    public static string TokenFor(string? thumbprint) => Jwt(new JsonObject
    {
        ["iss"] = "https://issuer.example.com",
        ["cnf"] = thumbprint is null ? null : new JsonObject { ["jkt"] = thumbprint },
    });

    public static string Jwt(JsonObject claims) => $"{Encode("""{"typ":"at+jwt","alg":"ES256"}""")}.{Encode(claims.ToJsonString())}.{Encode("signature")}";

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Hash(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public string WithHeader(string name, JsonNode? value) => With(Right, proof => proof.Header[name] = value);

    public string WithoutHeader(string name) => With(Right, proof => proof.Header.Remove(name));

    public string WithJwk(string name, JsonNode? value) => With(Right, proof => proof.Jwk[name] = value);

    public string WithClaim(string name, JsonNode? value) => With(Right, proof => proof.Claims[name] = value);

    public string WithoutClaim(string name) => With(Right, proof => proof.Claims.Remove(name));

    public void Dispose() => Key.Dispose();

    private static string With(HandmadeProof proof, Action<HandmadeProof> change)
    {
        change(proof);
        return proof.ToString();
    }
}
