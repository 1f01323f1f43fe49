using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Keys;

public class DpopKeyTests
{
    public static TheoryData<string> Algorithms => ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Generate_EachAlgorithm_MakesProofsThatAnotherLibraryVerifies(string algorithm)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        await AssertVerifies(key);
        Assert.Equal(algorithm, key.Algorithm);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task FromJwk_AnExportedKey_IsTheSameKey(string algorithm)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        using DpopKey copy = DpopKey.FromJwk(key.ExportPrivateJwk());
        Assert.Equal((key.Algorithm, key.Thumbprint, key.PublicJwk), (copy.Algorithm, copy.Thumbprint, copy.PublicJwk));
        await AssertVerifies(copy);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Thumbprint_EachAlgorithm_IsWhatAnotherLibraryComputes(string algorithm)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        Assert.Equal(Base64UrlEncoder.Encode(new JsonWebKey(key.PublicJwk).ComputeJwkThumbprint()), key.Thumbprint);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("es256")]
    [InlineData("")]
    public void Generate_AnythingElse_ThrowsAndNamesTheChoices(string algorithm)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => DpopKey.Generate(algorithm));
        Assert.Equal("algorithm", exception.ParamName);
        Assert.Contains("ES256, ES384, ES512, PS256", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromJwk_AnEcKeyWithoutAlg_TakesTheAlgorithmOfItsCurve()
    {
        using DpopKey key = DpopKey.Generate("ES384");
        using DpopKey copy = DpopKey.FromJwk(Change(key, jwk => jwk.Remove("alg")));
        Assert.Equal("ES384", copy.Algorithm);
    }

    public static TheoryData<string, string, string?, string> BadMembers => new()
    {
        // algorithm, member, new value (null removes it), what the message must name
        { "ES256", "kty", null, "\"kty\"" },
        { "ES256", "kty", "\"oct\"", "\"kty\"" },
        { "ES256", "kty", "7", "\"kty\"" },
        { "ES256", "crv", null, "\"crv\"" },
        { "ES256", "crv", "\"secp256k1\"", "\"crv\"" },
        { "ES256", "crv", "\"P-384\"", "\"alg\"" },
        { "ES256", "alg", "\"RS256\"", "\"alg\"" },
        { "ES256", "alg", "\"none\"", "\"alg\"" },
        { "ES256", "x", null, "\"x\"" },
        { "ES256", "x", "\"AAAA\"", "\"x\"" },
        { "ES256", "x", "\"!\"", "\"x\"" },
        { "ES256", "y", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"", "\"y\"" },
        { "ES256", "d", null, "\"d\": the private key" },
        { "ES256", "d", "\"\"", "\"d\"" },
        { "ES256", "d", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"", "private" },
        { "ES256", "use", "\"enc\"", "\"use\"" },
        { "RS256", "alg", null, "\"alg\"" },
        { "RS256", "alg", "\"ES256\"", "\"alg\"" },
        { "RS256", "n", "\"AQAB\"", "2048" },
        { "RS256", "e", null, "\"e\"" },
        { "RS256", "d", null, "\"d\"" },
        { "RS256", "qi", null, "\"qi\"" },
        { "RS256", "p", "\"AQAB\"", "\"p\"" },
    };

    [Theory]
    [MemberData(nameof(BadMembers))]
    public void FromJwk_ABadMember_ThrowsNamesItAndShowsNoSecret(string algorithm, string member, string? value, string named)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        string json = Change(key, jwk =>
        {
            jwk.Remove(member);
            if (value is not null)
            {
                jwk[member] = JsonNode.Parse(value);
            }
        });
        ArgumentException exception = Assert.Throws<ArgumentException>(() => DpopKey.FromJwk(json));
        Assert.Equal("privateJwkJson", exception.ParamName);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        AssertShowsNoSecret(key, exception.ToString());
    }

    [Fact]
    public void FromJwk_ThePrivatePartOfAnotherKey_Throws()
    {
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        string d = JsonNode.Parse(other.ExportPrivateJwk())!["d"]!.GetValue<string>();
        Assert.Throws<ArgumentException>(() => DpopKey.FromJwk(Change(key, jwk => jwk["d"] = d)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"kty":"EC","kty":"EC"}""")]
    [InlineData("""{"kty":"\ud800"}""")]
    public void FromJwk_NotAJsonObject_Throws(string json) => Assert.Throws<ArgumentException>("privateJwkJson", () => DpopKey.FromJwk(json));

    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public void The_private_part_is_in_nothing_but_the_export(string algorithm)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        AssertShowsNoSecret(key, key.ToString());
        AssertShowsNoSecret(key, JsonSerializer.Serialize(key));
        AssertShowsNoSecret(key, JsonSerializer.Serialize(new DpopOptions { Key = key }.Key));
        foreach (PropertyInfo property in typeof(DpopKey).GetProperties())
        {
            AssertShowsNoSecret(key, property.GetValue(key)!.ToString()!);
        }
    }

    [Fact]
    public void ExportPrivateJwk_AfterDispose_ThrowsKeyUnavailable()
    {
        DpopKey key = DpopKey.Generate();
        key.Dispose();
        Assert.Equal(DpopErrorCodes.KeyUnavailable, Assert.Throws<DpopException>(key.ExportPrivateJwk).Code);
    }

    [Fact]
    public void Create_AfterDispose_ThrowsKeyUnavailable()
    {
        DpopKey key = DpopKey.Generate();
        key.Dispose();
        DpopException exception = Assert.Throws<DpopException>(() => DpopProof.Create(key, HttpMethod.Get, new Uri("https://api.example.com")));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        Assert.IsType<ObjectDisposedException>(exception.InnerException);
    }

    [Fact]
    public async Task One_key_signs_from_many_threads_at_once()
    {
        using DpopKey key = DpopKey.Generate();
        string[][] proofs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            Enumerable.Range(0, 500).Select(_ => DpopProof.Create(key, HttpMethod.Get, new Uri("https://api.example.com"))).ToArray())));
        string[] all = [.. proofs.SelectMany(p => p)];
        Assert.Equal(all.Length, all.Select(DecodedProof.Jti).Distinct().Count());
        foreach (string proof in all)
        {
            await AssertVerifies(key, proof);
        }
    }

    private static Task AssertVerifies(DpopKey key) =>
        AssertVerifies(key, DpopProof.Create(key, HttpMethod.Post, new Uri("https://server.example.com/token")));

    private static async Task AssertVerifies(DpopKey key, string proof)
    {
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(proof, new TokenValidationParameters
        {
            IssuerSigningKey = new JsonWebKey(key.PublicJwk),
            ValidAlgorithms = [key.Algorithm],
            ValidTypes = ["dpop+jwt"],
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
    }

    private static string Change(DpopKey key, Action<JsonObject> change)
    {
        JsonObject jwk = JsonNode.Parse(key.ExportPrivateJwk())!.AsObject();
        change(jwk);
        return jwk.ToJsonString();
    }

    private static void AssertShowsNoSecret(DpopKey key, string text)
    {
        JsonObject jwk = JsonNode.Parse(key.ExportPrivateJwk())!.AsObject();
        foreach (string member in (string[])["d", "p", "q", "dp", "dq", "qi"])
        {
            if (jwk[member] is { } secret)
            {
                Assert.DoesNotContain(secret.GetValue<string>(), text, StringComparison.Ordinal);
            }
        }
    }
}
