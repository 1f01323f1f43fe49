using DpopHttp.Proofs;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Proofs;

public class DpopProofTests
{
    private static readonly Uri Api = new("https://api.example.com/orders");

    [Theory]
    [InlineData("DPoP opaque", true)]
    [InlineData("Bearer opaque", true)]
    [InlineData("Basic b3BhcXVl", false)]
    [InlineData(null, false)]
    public async Task Create_ARequest_TakesMethodUriAndTokenFromIt(string? authorization, bool hasToken)
    {
        using DpopKey key = DpopKey.Generate();
        using HttpRequestMessage request = new(HttpMethod.Put, new Uri(Api, "/orders?secret=1")) { Headers = { Host = "public.example.com" } };
        if (authorization is not null)
        {
            request.Headers.Add("Authorization", authorization);
        }

        foreach (string proof in (string[])[DpopProof.Create(key, request, nonce: "n1"), await DpopProof.CreateAsync(key, request, nonce: "n1")])
        {
            Assert.Equal(("PUT", "https://public.example.com/orders", "n1"), (DecodedProof.Claim(proof, "htm"), DecodedProof.Claim(proof, "htu"), DecodedProof.Nonce(proof)));
            Assert.Equal(hasToken ? AccessTokenHash.Of("opaque") : null, DecodedProof.Claim(proof, "ath"));
        }

        Assert.Equal(AccessTokenHash.Of("given"), DecodedProof.Claim(DpopProof.Create(key, request, "given"), "ath"));
        Assert.Throws<ArgumentException>("request", () => DpopProof.Create(key, new HttpRequestMessage()));
        Assert.Throws<ArgumentNullException>("request", () => DpopProof.Create(key, (HttpRequestMessage)null!));
    }

    [Fact]
    public void Create_ARelativeUri_Throws() =>
        Assert.Throws<ArgumentException>("uri", () => Create(new Uri("/orders", UriKind.Relative)));

    [Fact]
    public void Create_AnotherScheme_Throws() => Assert.Throws<ArgumentException>("uri", () => Create(new Uri("ftp://api.example.com/orders")));

    [Theory]
    [InlineData("")]
    [InlineData("to ken")]
    [InlineData("tok\u00e9n")]
    [InlineData("token\n")]
    public void Create_AnUnusableToken_ThrowsAndDoesNotShowIt(string token)
    {
        ArgumentException exception = Assert.Throws<ArgumentException>("accessToken", () => Create(Api, token));
        Assert.True(token.Length == 0 || !exception.Message.Contains(token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("\u00e9")]
    public void Create_AMalformedNonce_Throws(string nonce) => Assert.Throws<ArgumentException>("nonce", () => Create(Api, nonce: nonce));

    [Fact]
    public void Create_Nulls_Throw()
    {
        using DpopKey key = DpopKey.Generate();
        Assert.Throws<ArgumentNullException>("key", () => DpopProof.Create(null!, HttpMethod.Get, Api));
        Assert.Throws<ArgumentNullException>("method", () => DpopProof.Create(key, null!, Api));
        Assert.Throws<ArgumentNullException>("uri", () => DpopProof.Create(key, HttpMethod.Get, null!));
    }

    [Fact]
    public void Create_Twice_GivesTwoJtisOf128BitsEach()
    {
        using DpopKey key = DpopKey.Generate();
        string[] jtis = [.. Enumerable.Range(0, 1000).Select(_ => DecodedProof.Jti(DpopProof.Create(key, HttpMethod.Get, Api)))];
        Assert.Equal(1000, jtis.Distinct().Count());
        Assert.All(jtis, jti => Assert.Equal(22, jti.Length));
    }

    [Fact]
    public void Create_WithoutAClockOfItsOwn_StatesTheSystemsTime()
    {
        long before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        long iat = DecodedProof.Read(Create(Api)).GetPayloadValue<long>("iat");
        Assert.InRange(iat, before, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
    }

    private static string Create(Uri uri, string? token = null, string? nonce = null)
    {
        using DpopKey key = DpopKey.Generate();
        return DpopProof.Create(key, HttpMethod.Get, uri, token, nonce);
    }
}
