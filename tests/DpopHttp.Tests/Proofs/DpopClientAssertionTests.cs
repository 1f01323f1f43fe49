using DpopHttp.Tests.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Proofs;

/// <summary>Client assertions, validated by a JWT library that is not ours.</summary>
public class DpopClientAssertionTests
{
    private const string Client = "orders \"worker\" ü", Issuer = "https://login.example.com/?a=1&b=2";

    public static TheoryData<string> Algorithms => KeyMaterial.Algorithms;

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task It_is_good_for_five_minutes_at_the_server_that_it_is_addressed_to(string algorithm)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        JsonWebToken assertion = await ValidateAsync(key, DpopClientAssertion.Create(key, Client, Issuer));
        Assert.Equal((Client, Client, algorithm, "JWT"), (assertion.Issuer, assertion.Subject, assertion.Alg, assertion.Typ));
        Assert.InRange(assertion.IssuedAt, now.UtcDateTime.AddSeconds(-1), now.UtcDateTime.AddMinutes(1));
        Assert.Equal(TimeSpan.FromMinutes(5), assertion.ValidTo - assertion.IssuedAt);
        Assert.False(assertion.TryGetHeaderValue("kid", out string _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_behind_a_signer_signs_it(bool async)
    {
        using KeyMaterial material = KeyMaterial.Create();
        using TestSigner signer = new(material);
        using DpopKey key = DpopKey.FromSigner(signer);
        DateTimeOffset time = DateTimeOffset.UnixEpoch.AddYears(70);
        string text = async
            ? await DpopClientAssertion.CreateAsync(key, Client, Issuer, "key-1", time, CancellationToken.None)
            : DpopClientAssertion.Create(key, Client, Issuer, "key-1", time);
        JsonWebToken assertion = await ValidateAsync(key, text);
        Assert.Equal(("key-1", time.UtcDateTime), (assertion.Kid, assertion.IssuedAt));
    }

    [Fact]
    public void Each_has_a_jti_of_its_own()
    {
        using DpopKey key = DpopKey.Generate();
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => new JsonWebToken(DpopClientAssertion.Create(key, Client, Issuer)).Id).Distinct().Count());
    }

    [Fact]
    public async Task What_is_missing_is_an_error()
    {
        using DpopKey key = DpopKey.Generate();
        Assert.Throws<ArgumentNullException>("key", () => DpopClientAssertion.Create(null!, Client, Issuer));
        Assert.Throws<ArgumentException>("clientId", () => DpopClientAssertion.Create(key, "", Issuer));
        await Assert.ThrowsAsync<ArgumentException>("audience", async () => await DpopClientAssertion.CreateAsync(key, Client, ""));
        key.Dispose();
        Assert.Equal(DpopErrorCodes.KeyUnavailable, Assert.Throws<DpopException>(() => DpopClientAssertion.Create(key, Client, Issuer)).Code);
    }

    private static async Task<JsonWebToken> ValidateAsync(DpopKey key, string assertion)
    {
        TokenValidationResult result = await new JsonWebTokenHandler().ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = Client,
            ValidAudience = Issuer,
            IssuerSigningKey = new JsonWebKey(key.PublicJwk),
            ClockSkew = TimeSpan.Zero,
        });
        Assert.True(result.IsValid, result.Exception?.ToString());
        return (JsonWebToken)result.SecurityToken;
    }
}
