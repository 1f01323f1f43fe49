using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.DependencyInjection;

/// <summary>Where the token comes on, whatever the order of calls.</summary>
public class PlaceTests
{
    public static TheoryData<int[]> Orders => new([[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]);

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_retry_outside_gets_a_token_for_each_attempt(int[] order)
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            Action[] calls =
            [
                () => client.AddDpop(),
                () => client.AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")),
                () => client.AddHttpMessageHandler(() => new Again()),
            ];
            foreach (int call in order)
            {
                calls[call]();
            }
        });
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["DPoP token-1", "DPoP token-1"], bench.Api.Authorizations);
    }

    [Fact]
    public async Task Adding_tokens_twice_changes_nothing()
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) =>
        {
            void Add() => client.AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
            Add();
            Add();
        });
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((1, 1), (bench.Tokens.Arrivals, bench.Api.Authorizations.Length));
    }

    /// <summary>Sends each request twice, as a retry handler does.</summary>
    private sealed class Again : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (await base.SendAsync(request, cancellationToken)).Dispose();
            Assert.Null(request.Headers.Authorization);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
