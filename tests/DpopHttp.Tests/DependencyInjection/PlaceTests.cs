using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DpopHttp.Tests.DependencyInjection;

/// <summary>AddDpop is innermost, whatever is added before or after it.</summary>
public class PlaceTests
{
    private static readonly Dictionary<string, Action<IHttpClientBuilder>> Additions = new()
    {
        ["retry"] = b => b.AddResilienceHandler("retry", p => p.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 3, Delay = TimeSpan.Zero, BackoffType = DelayBackoffType.Constant })),

        // The standard handler gives each attempt a request of its own; a bare AddHedging sends one request object twice at the same time.
        ["hedging"] = b => b.AddStandardHedgingHandler().Configure(o => (o.Hedging.MaxHedgedAttempts, o.Hedging.Delay) = (2, TimeSpan.FromMilliseconds(50))),
        ["token"] = b => b.AddHttpMessageHandler(() => new TokenHandler()),
        ["dpop"] = b => b.AddDpop(),
    };

    [Theory]
    [InlineData("retry dpop token")]
    [InlineData("retry token dpop")]
    [InlineData("dpop retry token")]
    [InlineData("dpop token retry")]
    [InlineData("token dpop retry")]
    [InlineData("token retry dpop")]
    [InlineData("dpop dpop token retry dpop")]
    public async Task Each_attempt_has_a_proof_of_its_own_with_the_hash_of_the_token_that_is_sent(string order)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        for (int i = 0; i < 2; i++)
        {
            server.Api.Enqueue(ProtectedResourceFault.Status(HttpStatusCode.ServiceUnavailable));
        }

        await using ServiceProvider provider = Build(order, s => s.AddHttpClient("api"));
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Api.Requests.Count);
        Assert.Equal(3, server.Api.Requests.Select(r => DecodedProof.Jti(r.Proof)).Distinct().Count());
        Assert.All(server.Api.Requests, r => Assert.Equal("DPoP", r.AuthorizationScheme));
        Assert.True(server.Api.Requests[^1].Accepted);
        Assert.All(server.Api.Requests, r => Assert.Equal("from-the-handler", r.AccessToken));
    }

    [Theory]
    [InlineData("hedging dpop token")]
    [InlineData("dpop token hedging")]
    [InlineData("token dpop hedging")]
    public async Task Each_hedged_attempt_has_a_proof_of_its_own(string order)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using HttpClient client = Build(order, s => s.AddHttpClient("api")).GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage warmUp = await client.GetAsync(server.BaseAddress);
        int before = server.Api.Requests.Count;
        server.Api.Enqueue(ProtectedResourceFault.Hang());
        using HttpResponseMessage response = await client.PostAsync(server.BaseAddress, new StringContent("body"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(server.Api.Requests.Count > before + 1);
        Assert.Equal(server.Api.Requests.Count, server.Api.Requests.Select(r => DecodedProof.Jti(r.Proof)).Distinct().Count());
    }

    [Fact]
    public async Task A_bare_hedging_strategy_sends_one_message_twice_at_the_same_time_which_is_an_error()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpop().AddResilienceHandler("hedging", p => p.AddHedging(new HttpHedgingStrategyOptions { Delay = TimeSpan.FromMilliseconds(50) }));
        using HttpClient client = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("api");
        server.Api.Enqueue(ProtectedResourceFault.Hang());
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(server.BaseAddress));
        Assert.Equal(DpopErrorCodes.RequestInUse, exception.Code);
        Assert.All(server.Api.Requests, request => Assert.NotNull(request.Proof));
    }

    [Theory]
    [InlineData("retry dpop token", true)]
    [InlineData("dpop token retry", true)]
    [InlineData("retry dpop token", false)]
    public async Task Client_defaults_and_keyed_clients_are_served_alike(string order, bool byDefaults)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        ServiceProvider provider = Build(order, s =>
        {
            if (!byDefaults)
            {
                return s.AddHttpClient("api").AddAsKeyed();
            }

            s.AddHttpClient("api").AddAsKeyed();
            IHttpClientBuilder? defaults = null;
            s.ConfigureHttpClientDefaults(b => defaults = b);
            return defaults!;
        });
        HttpClient client = provider.GetRequiredKeyedService<HttpClient>("api");
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All(server.Api.Requests, r => Assert.Equal(("DPoP", "from-the-handler"), (r.AuthorizationScheme, r.AccessToken)));
    }

    private static ServiceProvider Build(string order, Func<IServiceCollection, IHttpClientBuilder> add)
    {
        ServiceCollection services = new();
        IHttpClientBuilder builder = add(services);
        foreach (string name in order.Split(' '))
        {
            Additions[name](builder);
        }

        return services.BuildServiceProvider();
    }

    /// <summary>Only knows Bearer, as most do.</summary>
    private sealed class TokenHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", "from-the-handler");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
