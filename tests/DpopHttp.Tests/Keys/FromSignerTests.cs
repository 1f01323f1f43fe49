using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Keys;

/// <summary>What <see cref="DpopKey.FromSigner"/> demands of a signer before it is asked to sign.</summary>
public class FromSignerTests
{
    public static TheoryData<string, string, string> BadFits => new()
    {
        // the key's algorithm, the one that the signer states, what the message must say
        { "ES256", "ES384", "does not fit its \"crv\" P-256: that takes ES256" },
        { "ES512", "ES256", "does not fit its \"crv\" P-521: that takes ES512" },
        { "ES256", "PS256", "does not fit its \"crv\" P-256: that takes ES256" },
        { "RS256", "ES256", "does not fit its \"kty\" RSA" },
        { "ES256", "none", "is none of ES256, ES384, ES512, PS256" },
        { "ES256", "es256", "is none of ES256, ES384, ES512, PS256" },
        { "RS256", "HS256", "is none of ES256, ES384, ES512, PS256" },
        { "ES256", "", "is none of ES256, ES384, ES512, PS256" },
    };

    public static TheoryData<string, string, string?, string> BadMembers => new()
    {
        // the key's algorithm, the member, its new value (null removes it), what the message must say
        { "ES256", "kty", null, "no \"kty\"" },
        { "ES256", "kty", "OKP", "\"kty\"" },
        { "ES256", "crv", "secp256k1", "\"crv\"" },
        { "ES256", "x", null, "no \"x\"" },
        { "ES256", "y", "AAAA", "\"y\" has 3 bytes where 32 belong" },
        { "ES256", "y", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "aren't a key on P-256" },
        { "ES256", "alg", "ES384", "\"alg\" is not ES256" },
        { "PS256", "alg", "RS256", "\"alg\" is not PS256" },
        { "ES256", "use", "enc", "\"use\" is not \"sig\"" },
        { "PS256", "n", "AQAB", "\"n\" has fewer than 2048 bits" },
        { "PS256", "e", null, "no \"e\"" },
    };

    [Theory]
    [MemberData(nameof(BadFits))]
    public void FromSigner_AnAlgorithmThatDoesNotFit_Throws(string keyOf, string stated, string words)
    {
        using KeyMaterial material = KeyMaterial.Create(keyOf);
        AssertRefused(words, new TestSigner(material, algorithm: stated));
    }

    [Theory]
    [MemberData(nameof(BadMembers))]
    public void FromSigner_ABadMember_ThrowsAndNamesIt(string algorithm, string member, string? value, string words)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        JsonObject jwk = JsonNode.Parse(material.PublicJwk)!.AsObject();
        jwk.Remove(member);
        if (value is not null)
        {
            jwk[member] = value;
        }

        AssertRefused(words, new TestSigner(material, publicJwk: jwk.ToJsonString()));
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public void FromSigner_APrivateJwk_ThrowsAndShowsNoSecret(string algorithm)
    {
        using KeyMaterial material = KeyMaterial.Create(algorithm);
        ArgumentException exception = AssertRefused(
            "has the private member \"d\": give the public members only", new TestSigner(material, publicJwk: material.PrivateJwk));
        string d = JsonNode.Parse(material.PrivateJwk)!["d"]!.GetValue<string>();
        Assert.DoesNotContain(d, exception.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "not well-formed JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("""{"kty":"EC","kty":"EC"}""", "or has a member twice")]
    [InlineData("", "")]
    public void FromSigner_NoJwk_Throws(string publicJwk, string words)
    {
        using KeyMaterial material = KeyMaterial.Create();
        AssertRefused(words, new TestSigner(material, publicJwk: publicJwk));
    }

    [Fact]
    public void FromSigner_AnRsaKeyOf1024Bits_Throws()
    {
        using KeyMaterial material = KeyMaterial.Create("PS256");
        using RSA small = RSA.Create(1024);
        RSAParameters p = small.ExportParameters(includePrivateParameters: false);
        string jwk = $$"""{"kty":"RSA","n":"{{Base64UrlEncoder.Encode(p.Modulus)}}","e":"{{Base64UrlEncoder.Encode(p.Exponent)}}"}""";
        AssertRefused("fewer than 2048 bits", new TestSigner(material, publicJwk: jwk));
    }

    [Fact]
    public void FromSigner_MembersBesideTheRequiredOnes_AreLeftOutOfTheProof()
    {
        using KeyMaterial material = KeyMaterial.Create();
        JsonObject jwk = JsonNode.Parse(material.PublicJwk)!.AsObject();
        (jwk["kid"], jwk["alg"], jwk["use"]) = ("hsm-1", "ES256", "sig");
        using DpopKey key = DpopKey.FromSigner(new TestSigner(material, publicJwk: jwk.ToJsonString()));
        Assert.DoesNotContain("hsm-1", key.PublicJwk, StringComparison.Ordinal);
        VerifiedProof.AssertMadeBy(material, key);
    }

    [Fact]
    public void FromSigner_Null_Throws() => Assert.Throws<ArgumentNullException>("signer", () => DpopKey.FromSigner(null!));

    private static ArgumentException AssertRefused(string words, TestSigner signer)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>("signer", () => DpopKey.FromSigner(signer));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, signer.Calls);
        return exception;
    }
}
