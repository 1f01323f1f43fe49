using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DpopHttp.Tests.Keys;

/// <summary>The private members of a key, in every notation that might show them.</summary>
internal static class KeySecrets
{
    private static readonly string[] Members = ["d", "p", "q", "dp", "dq", "qi"];

    public static string[] Of(DpopKey key) => Of(key.ExportPrivateJwk());

    public static string[] Of(string privateJwk)
    {
        JsonObject jwk = JsonNode.Parse(privateJwk)!.AsObject();
        List<string> secrets = [];
        foreach (string text in Members.Select(member => jwk[member]?.GetValue<string>()).OfType<string>())
        {
            byte[] bytes = Base64Url.DecodeFromChars(text);
            secrets.AddRange([text, Convert.ToBase64String(bytes), Convert.ToHexString(bytes), Convert.ToHexStringLower(bytes), BitConverter.ToString(bytes)]);
        }

        using AsymmetricAlgorithm copy = Import(jwk);
        secrets.AddRange([Convert.ToBase64String(copy.ExportPkcs8PrivateKey()), copy.ExportPkcs8PrivateKeyPem()]);
        Assert.True(secrets.Count > 6);
        return [.. secrets];
    }

    public static void AssertNotIn(string text, params IEnumerable<string> secrets) =>
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));

    private static AsymmetricAlgorithm Import(JsonObject jwk)
    {
        byte[] Bytes(string member) => Base64Url.DecodeFromChars(jwk[member]!.GetValue<string>());
        if (jwk["kty"]!.GetValue<string>() == "EC")
        {
            return ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.CreateFromFriendlyName(jwk["crv"]!.GetValue<string>().Replace("P-", "nistP", StringComparison.Ordinal)),
                Q = new ECPoint { X = Bytes("x"), Y = Bytes("y") },
                D = Bytes("d"),
            });
        }

        return RSA.Create(new RSAParameters
        {
            Modulus = Bytes("n"),
            Exponent = Bytes("e"),
            D = Bytes("d"),
            P = Bytes("p"),
            Q = Bytes("q"),
            DP = Bytes("dp"),
            DQ = Bytes("dq"),
            InverseQ = Bytes("qi"),
        });
    }
}
