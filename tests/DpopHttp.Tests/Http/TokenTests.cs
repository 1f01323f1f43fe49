using DpopHttp.Proofs;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Http;

public class TokenTests
{
    private static readonly Uri Api = new("https://api.example.com/orders");

    [Theory]
    [InlineData("DPoP abc", "DPoP abc", "abc")]
    [InlineData("dpop abc", "dpop abc", "abc")]
    [InlineData("Bearer abc", "DPoP abc", "abc")]
    [InlineData("bearer abc", "DPoP abc", "abc")]
    [InlineData("Basic dXNlcjpwYXNz", "Basic dXNlcjpwYXNz", null)]
    [InlineData("Custom a=b, c=d", "Custom a=b, c=d", null)]
    [InlineData(null, null, null)]
    public async Task Upgrade_is_the_default(string? sent, string? onTheWire, string? hashed) =>
        await AssertSent(BearerTokenHandling.Upgrade, sent, onTheWire, hashed is null ? "" : hashed);

    [Theory]
    [InlineData("DPoP abc", "DPoP abc", "abc")]
    [InlineData("Bearer abc", "Bearer abc", null)]
    [InlineData("Bearer a.b.c", "Bearer a.b.c", null)]
    [InlineData("Basic dXNlcjpwYXNz", "Basic dXNlcjpwYXNz", "")]
    public async Task Allow_sends_a_Bearer_token_without_a_proof(string sent, string onTheWire, string? hashed) =>
        await AssertSent(BearerTokenHandling.Allow, sent, onTheWire, hashed);

    [Fact]
    public async Task Allow_upgrades_a_token_that_is_bound_to_our_key()
    {
        using DpopKey key = DpopKey.Generate();
        string token = JwtTokens.BoundTo(key);
        StubHandler server = await SendAsync(key, BearerTokenHandling.Allow, $"Bearer {token}", async: true);
        Assert.Equal($"DPoP {token}", server.Authorizations.Single());
        Assert.Equal(AccessTokenHash.Of(token), DecodedProof.Claim(server.Proofs.Single(), "ath"));
    }

    [Theory]
    [InlineData("Bearer abc")]
    [InlineData("BEARER abc")]
    [InlineData("Bearer")]
    public async Task Reject_refuses_Bearer(string authorization)
    {
        using DpopKey key = DpopKey.Generate();
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SendAsync(key, BearerTokenHandling.Reject, authorization, async: true));
        Assert.Equal(DpopErrorCodes.BearerRejected, exception.Code);
    }

    [Theory]
    [InlineData(BearerTokenHandling.Upgrade, "DPoP", true)]
    [InlineData(BearerTokenHandling.Upgrade, "Bearer", false)]
    [InlineData(BearerTokenHandling.Allow, "Bearer", true)]
    [InlineData(BearerTokenHandling.Reject, "DPoP", true)]
    public async Task A_token_of_another_key_is_refused_with_both_thumbprints(BearerTokenHandling bearer, string scheme, bool async)
    {
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        string token = JwtTokens.BoundTo(other);
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SendAsync(key, bearer, $"{scheme} {token}", async));
        Assert.Equal(DpopErrorCodes.KeyMismatch, exception.Code);
        Assert.Contains(key.Thumbprint, exception.Message, StringComparison.Ordinal);
        Assert.Contains(other.Thumbprint, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, exception.ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Opaque =>
    [
        "opaque",
        "a.b.c",
        "a.b.c.d.e",
        JwtTokens.Jwt("{}"),
        JwtTokens.Jwt("[]"),
        JwtTokens.Jwt("7"),
        JwtTokens.Jwt("not json"),
        JwtTokens.Jwt("""{"cnf":"x"}"""),
        JwtTokens.Jwt("""{"cnf":{"jkt":7}}"""),
        JwtTokens.Jwt("""{"cnf":{"x5t#S256":"another-binding"}}"""),
        JwtTokens.Jwt("""{"other":{"cnf":{"jkt":"nested"}}}"""),
        JwtTokens.Jwt("""{"cnf":{"other":{"jkt":"nested"}}}"""),
        JwtTokens.Jwt("""{"cnf":{"jkt":"unfinished"""),
        JwtTokens.Jwt("""{"cnf":{"jkt":"\ud800"}}"""),
        "x." + new string('A', 40_000) + ".y",
    ];

    [Theory]
    [MemberData(nameof(Opaque))]
    public async Task What_does_not_say_its_key_is_left_alone(string token)
    {
        using DpopKey key = DpopKey.Generate();
        StubHandler server = await SendAsync(key, BearerTokenHandling.Upgrade, $"DPoP {token}", async: true);
        Assert.Equal(AccessTokenHash.Of(token), DecodedProof.Claim(server.Proofs.Single(), "ath"));
    }

    [Fact]
    public async Task Members_around_the_binding_do_not_hide_it()
    {
        using DpopKey key = DpopKey.Generate();
        string token = JwtTokens.Jwt("""{"a":{"jkt":"x","cnf":1},"b":[{"cnf":{}}],"cnf":{"kid":[1],"jkt":"another"},"c":2}""");
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SendAsync(key, BearerTokenHandling.Upgrade, $"DPoP {token}", async: true));
        Assert.Equal(DpopErrorCodes.KeyMismatch, exception.Code);
    }

    [Theory]
    [InlineData("DPoP")]
    [InlineData("DPoP ")]
    [InlineData("Bearer")]
    [InlineData("DPoP a b")]
    [InlineData("DPoP tok\u00e9n")]
    public async Task A_header_without_a_usable_token_is_refused(string authorization)
    {
        using DpopKey key = DpopKey.Generate();
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SendAsync(key, BearerTokenHandling.Upgrade, authorization, async: true));
        Assert.Equal(DpopErrorCodes.InvalidAccessToken, exception.Code);
    }

    [Fact]
    public async Task Two_Authorization_headers_are_refused()
    {
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new StubHandler());
        using HttpRequestMessage request = new(HttpMethod.Get, Api);
        request.Headers.TryAddWithoutValidation("Authorization", ["DPoP a", "DPoP b"]);
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.SendAsync(request, async: true));
        Assert.Equal(DpopErrorCodes.InvalidAccessToken, exception.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_callers_request_is_given_back_as_it_came(bool async)
    {
        using DpopKey key = DpopKey.Generate();
        StubHandler server = new();
        using HttpMessageInvoker client = key.Invoker(server);
        using HttpRequestMessage request = new(HttpMethod.Get, Api);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer abc");
        request.Headers.TryAddWithoutValidation("DPoP", ["stale", "twice"]);
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal("Bearer abc", request.Headers.Authorization!.ToString());
        Assert.False(request.Headers.Contains("DPoP"));

        // The stub saw exactly one.
        Assert.Equal(3, server.Proofs.Single()!.Split('.').Length);
    }

    [Fact]
    public async Task The_request_is_given_back_when_the_send_fails()
    {
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new StubHandler(_ => throw new HttpRequestException("broken")));
        using HttpRequestMessage request = new(HttpMethod.Get, Api);
        request.Headers.Authorization = new("Bearer", "abc");
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, async: true));
        Assert.Equal("Bearer abc", request.Headers.Authorization!.ToString());
        Assert.False(request.Headers.Contains("DPoP"));
    }

    /// <param name="hashed">The token in ath; empty: a proof without ath; null: no proof.</param>
    private static async Task AssertSent(BearerTokenHandling bearer, string? sent, string? onTheWire, string? hashed)
    {
        foreach (bool async in (bool[])[true, false])
        {
            using DpopKey key = DpopKey.Generate();
            StubHandler server = await SendAsync(key, bearer, sent, async);
            Assert.Equal(onTheWire, server.Authorizations.Single());
            string? proof = server.Proofs.Single();
            Assert.Equal(hashed is null, proof is null);
            if (proof is not null)
            {
                Assert.Equal(hashed is "" ? null : AccessTokenHash.Of(hashed!), DecodedProof.Claim(proof, "ath"));
            }
        }
    }

    private static async Task<StubHandler> SendAsync(DpopKey key, BearerTokenHandling bearer, string? authorization, bool async)
    {
        StubHandler server = new();
        using HttpMessageInvoker client = key.Invoker(server, new DpopOptions { BearerTokens = bearer });
        using HttpRequestMessage request = new(HttpMethod.Get, Api);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using HttpResponseMessage response = await client.SendAsync(request, async);
        return server;
    }
}
