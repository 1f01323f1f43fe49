using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Keys;

/// <summary>Numbers of an RSA key that begin with a zero byte: one key in fifty has one, and a JWK leaves it out (RFC 7518 section 2).</summary>
public class RsaJwkTests
{
    private static readonly string[] Numbers = ["d", "p", "q", "dp", "dq", "qi"];

    [Fact]
    public void A_number_with_a_leading_zero_is_written_without_it_and_read_back()
    {
        using RSA rsa = CreateWithLeadingZero();
        using DpopKey key = DpopKey.FromPem(rsa.ExportPkcs8PrivateKeyPem(), "PS256");
        JsonObject jwk = JsonNode.Parse(key.ExportPrivateJwk())!.AsObject();
        Assert.All(Numbers, name => Assert.NotEqual(0, Base64UrlEncoder.DecodeBytes(jwk[name]!.GetValue<string>())[0]));
        using DpopKey copy = DpopKey.FromJwk(jwk.ToJsonString());
        Assert.Equal(key.Thumbprint, copy.Thumbprint);
        Files.Proofs.AssertWork(copy);
    }

    [Fact]
    public void A_number_with_its_leading_zero_is_read_too()
    {
        using RSA rsa = CreateWithLeadingZero();
        RSAParameters p = rsa.ExportParameters(includePrivateParameters: true);
        JsonObject jwk = new() { ["kty"] = "RSA", ["alg"] = "PS256" };
        foreach ((string name, byte[]? number) in new[] { ("n", p.Modulus), ("e", p.Exponent), ("d", p.D), ("p", p.P), ("q", p.Q), ("dp", p.DP), ("dq", p.DQ), ("qi", p.InverseQ) })
        {
            jwk[name] = Base64UrlEncoder.Encode(number);
        }

        using DpopKey key = DpopKey.FromJwk(jwk.ToJsonString());
        Files.Proofs.AssertWork(key);
    }

    [Fact]
    public void A_number_with_more_bytes_than_belong_is_refused()
    {
        using DpopKey key = DpopKey.Generate("PS256");
        JsonObject jwk = JsonNode.Parse(key.ExportPrivateJwk())!.AsObject();
        jwk["dp"] = Base64UrlEncoder.Encode([0, 0, .. Base64UrlEncoder.DecodeBytes(jwk["dp"]!.GetValue<string>())]);
        Assert.Contains("\"dp\" has", Assert.Throws<ArgumentException>(() => DpopKey.FromJwk(jwk.ToJsonString())).Message, StringComparison.Ordinal);
    }

    /// <summary>By trying: some fifty keys.</summary>
    private static RSA CreateWithLeadingZero()
    {
        while (true)
        {
            RSA rsa = RSA.Create(2048);
            RSAParameters p = rsa.ExportParameters(includePrivateParameters: true);
            if (p.D![0] == 0 || p.DP![0] == 0 || p.DQ![0] == 0 || p.InverseQ![0] == 0)
            {
                return rsa;
            }

            rsa.Dispose();
        }
    }
}
