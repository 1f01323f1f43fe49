using System.Net;
using System.Security.Cryptography;
using System.Text;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>A shared cache is a stranger: whoever can write there can put in what they like.</summary>
public sealed class ForgedEntryTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ECDsa _private = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly GivenCache _cache = new();

    public void Dispose() => _private.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_no_holder_of_the_key_wrote_is_not_sent(bool async)
    {
        _cache.Content = Forged;
        await using TokenBench bench = await StartAsync(key: null);
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await bench.GetAsync(async);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.All(bench.Api.Authorizations, authorization => Assert.Equal("DPoP token-1", authorization));
        Assert.Contains("\"mac\"", Encoding.UTF8.GetString(_cache.Written.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_that_cannot_be_told_a_refused_one_leads_to_the_server_and_not_to_the_cache_again()
    {
        _cache.Content = Forged;
        using DpopKey key = KeyWithoutExport();
        await using TokenBench bench = await StartAsync(key);
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage response = await bench.GetAsync();
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(["DPoP evil1", "DPoP token-1", "DPoP token-1", "DPoP token-1", "DPoP token-1", "DPoP token-1"], bench.Api.Authorizations);
        Assert.DoesNotContain("\"mac\"", Encoding.UTF8.GetString(_cache.Written.Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_that_refuses_everything_gets_no_token_request_for_each_call_either()
    {
        _cache.Content = Forged;
        using DpopKey key = KeyWithoutExport();
        await using TokenBench bench = await StartAsync(key);
        bench.Api.RefusesAll = true;
        for (int i = 0; i < 20; i++)
        {
            (await bench.GetAsync()).Dispose();
        }

        Assert.InRange(bench.Tokens.Arrivals, 1, 2);
    }

    [Fact]
    public async Task A_token_in_place_of_a_revoked_one_may_come_from_the_cache_and_if_that_is_forged_the_next_comes_from_the_server()
    {
        using DpopKey key = KeyWithoutExport();
        await using TokenBench bench = await StartAsync(key);
        (await bench.GetAsync()).Dispose();
        bench.Tokens.Revoke("token-1");
        _cache.Content = Forged;
        using HttpResponseMessage refused = await bench.GetAsync();
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (refused.StatusCode, response.StatusCode));
        Assert.Equal("DPoP token-2", bench.Api.Authorizations[^1]);
    }

    [Fact]
    public async Task A_token_is_not_used_for_longer_than_a_day_whatever_its_entry_says()
    {
        using DpopKey key = KeyWithoutExport();
        await using TokenBench bench = await StartAsync(key);
        bench.Tokens.Lifetime = TimeSpan.FromDays(300);
        (await bench.GetAsync()).Dispose();
        byte[] entry = _cache.Written.Single();
        _cache.Content = _ => entry;
        await using ServiceProvider other = Instance(bench, key);
        await CallAsync(other);
        _time.Advance(TimeSpan.FromHours(23));
        await CallAsync(other);
        Assert.Equal(1, bench.Tokens.Arrivals);
        _time.Advance(TimeSpan.FromHours(2));
        await CallAsync(other);
        Assert.Equal(2, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task An_instance_with_a_clock_that_is_ahead_does_not_make_a_token_live_longer_here()
    {
        FakeTimeProvider ahead = new(_time.GetUtcNow() + TimeSpan.FromMinutes(30));
        using DpopKey key = DpopKey.Generate();
        await using TokenBench bench = await StartAsync(key);
        await using ServiceProvider other = Instance(bench, key, ahead);
        await CallAsync(other);
        byte[] entry = _cache.Written.Single();
        _cache.Content = _ => entry;
        (await bench.GetAsync()).Dispose();
        Assert.Single(bench.Tokens.Requests);

        // An hour after it was asked for it is at its end, and not half an hour later.
        _time.Advance(TimeSpan.FromMinutes(61));
        _cache.Content = _ => null;
        (await bench.GetAsync()).Dispose();
        Assert.Equal(["DPoP token-1", "DPoP token-2"], bench.Api.Authorizations);
    }

    private byte[] Forged(int read) => Encoding.UTF8.GetBytes(
        $$"""{"access_token":"evil{{read}}","obtained_at":{{_time.GetUtcNow().ToUnixTimeSeconds()}},"expires_at":253402300799}""");

    private DpopKey KeyWithoutExport()
    {
        using DpopKey exported = DpopKey.FromPem(_private.ExportPkcs8PrivateKeyPem());
        return DpopKey.FromSigner(new KeyElsewhere(exported.Algorithm, exported.PublicJwk, _private));
    }

    private Task<TokenBench> StartAsync(DpopKey? key) => TokenBench.StartAsync(time: _time, addTokens: (client, server) =>
    {
        client.Services.AddSingleton<HybridCache>(_cache);
        client.AddDpop(options => options.Key = key).AddDpopClientCredentials(options =>
            (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
    });

    private ServiceProvider Instance(TokenBench bench, DpopKey key, TimeProvider? time = null)
    {
        ServiceCollection services = new();
        services.AddSingleton<HybridCache>(_cache).AddSingleton(time ?? _time);
        services.AddHttpClient("api", http => http.BaseAddress = bench.Api.BaseAddress)
            .ConfigurePrimaryHttpMessageHandler(() => new Accepting())
            .AddDpop(options => options.Key = key)
            .AddDpopClientCredentials(options =>
                (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (bench.Tokens.TokenEndpoint, "orders-worker", "the-secret"));
        return services.BuildServiceProvider();
    }

    private static async Task CallAsync(ServiceProvider services)
    {
        using HttpClient http = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "orders"), async: true);
    }

    /// <summary>An API that takes every token.</summary>
    private sealed class Accepting : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
