using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Requests;

/// <summary>A token of a client with a BaseAddress stays at that origin.</summary>
public class HomeOriginTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_to_another_origin_gets_no_token_and_is_not_sent(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        await using OrdersApi other = await OrdersApi.StartAsync(bench.Tokens);
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => SendAsync(bench, other.BaseAddress, async));
        Assert.Equal(DpopErrorCodes.OriginNotAllowed, exception.Code);
        Assert.All(
            ["BaseAddress", "AllowedOrigins", $"127.0.0.1:{other.BaseAddress.Port}", $"127.0.0.1:{bench.Api.BaseAddress.Port}"],
            text => Assert.Contains(text, exception.Message, StringComparison.Ordinal));
        Assert.Empty(other.Authorizations);
        Assert.Equal(0, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task An_absolute_address_at_home_is_as_good_as_a_relative_one()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await SendAsync(bench, new Uri(bench.Api.BaseAddress, "/orders/1"), async: true));
    }

    [Fact]
    public async Task AllowedOrigins_say_more()
    {
        OrdersApi? other = null;
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) => client
            .AddDpop(options => options.AllowedOrigins.Add(other!.BaseAddress))
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        await using OrdersApi started = other = await OrdersApi.StartAsync(bench.Tokens);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(bench, started.BaseAddress, async: true));
    }

    [Fact]
    public async Task A_client_without_a_BaseAddress_goes_anywhere()
    {
        await using TokenBench bench = await TokenBench.StartAsync(addTokens: (client, server) => client
            .ConfigureHttpClient(http => http.BaseAddress = null)
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(bench, bench.Api.BaseAddress, async: true));
    }

    [Fact]
    public async Task A_token_that_the_request_brings_is_the_callers_to_send()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        await using OrdersApi other = await OrdersApi.StartAsync(bench.Tokens);
        await SendAsync(bench, other.BaseAddress, async: true, new("DPoP", "my-own"));
        Assert.Equal(["DPoP my-own"], other.Authorizations);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task A_header_that_keeps_the_clients_tokens_from_going_out_is_logged_once(bool afterOwnToken, int logged)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        if (afterOwnToken)
        {
            (await bench.GetAsync()).Dispose();
        }

        for (int i = 0; i < 3; i++)
        {
            await SendAsync(bench, new Uri("orders", UriKind.Relative), async: i != 1, new("DPoP", "my-own"));
        }

        Assert.Equal(logged, bench.Logged.Count(name => name == "OwnAuthorization"));
    }

    private static async Task<HttpStatusCode> SendAsync(TokenBench bench, Uri address, bool async, System.Net.Http.Headers.AuthenticationHeaderValue? authorization = null)
    {
        using HttpClient http = bench.CreateClient();
        http.DefaultRequestHeaders.Authorization = authorization;
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        using HttpResponseMessage response = await http.SendAsync(request, async);
        return response.StatusCode;
    }
}
