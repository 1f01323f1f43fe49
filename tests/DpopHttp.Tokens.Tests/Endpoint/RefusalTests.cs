using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>A final refusal is not asked for again with each call.</summary>
public class RefusalTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task It_is_remembered_for_some_seconds()
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: _time);
        bench.Tokens.Refuse(401, "invalid_client", "Wrong secret.");
        for (int i = 0; i < 50; i++)
        {
            DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync(async: i % 2 == 0));
            Assert.Equal((DpopTokenErrorCodes.TokenRefused, "invalid_client", "Wrong secret."), (exception.Code, exception.Error, exception.ErrorDescription));
        }

        Assert.Equal(1, bench.Tokens.Arrivals);
        _time.Advance(TimeSpan.FromSeconds(6));
        bench.Tokens.Recover();
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, bench.Tokens.Arrivals));
    }

    [Fact]
    public async Task It_is_remembered_until_the_options_change()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection().Build();
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: (client, server) =>
        {
            (configuration["Tokens:TokenEndpoint"], configuration["Tokens:ClientId"], configuration["Tokens:ClientSecret"]) = (server.TokenEndpoint.AbsoluteUri, "a", "wrong");
            client.AddDpopClientCredentials(configuration.GetSection("Tokens"));
        });
        bench.Tokens.Refuse(401, "invalid_client");
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        bench.Tokens.Recover();
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());

        configuration["Tokens:ClientSecret"] = "right";
        configuration.Reload();
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, bench.Tokens.Arrivals));
        Assert.EndsWith(Convert.ToBase64String("a:right"u8), bench.Tokens.Requests.Single().Authorization, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_remembered_until_the_store_has_another_refresh_token()
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory(new DpopRefreshToken("dead"));
        await using TokenBench bench = await TokenBench.StartAsync(time: _time, addTokens: (client, server) => client.AddDpopRefreshToken(options =>
            (options.TokenEndpoint, options.ClientId, options.Store) = (server.TokenEndpoint, "orders-cli", store)));
        bench.Tokens.Refuse(400, "invalid_grant");
        for (int i = 0; i < 50; i++)
        {
            DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
            Assert.Equal("invalid_grant", exception.Error);
        }

        Assert.Equal(1, bench.Tokens.Arrivals);
        bench.Tokens.Recover();
        await store.SaveAsync(new DpopRefreshToken("alive"), CancellationToken.None);
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, bench.Tokens.Arrivals));
    }

    [Fact]
    public async Task A_server_that_asks_for_an_hour_gets_a_minute()
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: _time);
        bench.Tokens.Fail(503, retryAfter: "3600");
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        bench.Tokens.Recover();
        _time.Advance(TimeSpan.FromSeconds(59));
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(1, bench.Tokens.Arrivals);
        _time.Advance(TimeSpan.FromSeconds(2));
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, bench.Tokens.Arrivals));
    }
}
