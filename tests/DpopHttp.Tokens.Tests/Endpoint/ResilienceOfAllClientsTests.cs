using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>Many apps give all their clients a resilience handler. The clients that talk to the authorization server have attempts of their own, and a refresh token is good once.</summary>
public class ResilienceOfAllClientsTests
{
    public static TheoryData<string> Handlers => [.. Kinds.Keys];

    private static Dictionary<string, Action<IHttpClientBuilder>> Kinds { get; } = new()
    {
        ["retry"] = client => client.AddResilienceHandler("retry", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.Zero })),
        ["standard"] = client => client.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero),
        ["hedging"] = client => client.AddStandardHedgingHandler(),
    };

    [Theory]
    [MemberData(nameof(Handlers))]
    public async Task It_multiplies_no_attempt(string kind)
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time, addTokens: (client, server) =>
        {
            client.Services.ConfigureHttpClientDefaults(all => Kinds[kind](all));
            client.AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
        });
        bench.Tokens.Instead = context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<DpopTokenException>(() => time.PassAsync(bench.GetAsync()));
        Assert.Equal(4, bench.Tokens.Arrivals);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_the_back_channel_was_given_by_itself_is_used_whatever_the_order(bool backChannelFirst)
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time, addTokens: (client, server) =>
        {
            Action[] calls =
            [
                () => client.ConfigureDpopBackChannel(back => Kinds["retry"](back)),
                () => client.AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")),
            ];
            foreach (Action call in backChannelFirst ? calls : calls.Reverse())
            {
                call();
            }
        });
        bench.Tokens.Instead = context =>
        {
            context.Response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return Task.FromResult(true);
        };
        await Assert.ThrowsAsync<DpopTokenException>(() => time.PassAsync(bench.GetAsync()));
        Assert.Equal(12, bench.Tokens.Arrivals);
    }
}
