using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>A token that is not bound to the key is not used, unless the client is migrating.</summary>
public class TokenTypeTests
{
    [Theory]
    [InlineData("DPoP")]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task The_type_is_compared_ignoring_case(string type)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.TokenType = type;
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["DPoP token-1"], bench.Api.Authorizations);
    }

    [Theory]
    [InlineData("Bearer", BearerTokenHandling.Upgrade)]
    [InlineData("bearer", BearerTokenHandling.Reject)]
    [InlineData(null, BearerTokenHandling.Upgrade)]
    [InlineData("mac", BearerTokenHandling.Allow)]
    [InlineData(null, BearerTokenHandling.Allow)]
    public async Task Another_type_is_refused(string? type, BearerTokenHandling handling)
    {
        await using TokenBench bench = await StartAsync(handling);
        bench.Tokens.TokenType = type;
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenNotBound, exception.Code);
        Assert.Contains(type is null ? "without a token_type" : $"of type '{type}'", exception.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Api.Authorizations);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("bearer")]
    public async Task In_a_migration_a_Bearer_token_goes_out_as_one(string type)
    {
        await using TokenBench bench = await StartAsync(BearerTokenHandling.Allow);
        bench.Tokens.TokenType = type;
        (await bench.GetAsync()).Dispose();
        Assert.Equal("Bearer token-1", bench.Api.Authorizations[0]);

        // The token request had a proof all the same: the server may begin to bind tokens at any time.
        Assert.NotNull(bench.Tokens.Requests[0].Thumbprint);
    }

    private static Task<TokenBench> StartAsync(BearerTokenHandling handling) => TokenBench.StartAsync(addTokens: (client, server) => client
        .AddDpop(options => options.BearerTokens = handling)
        .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
}
