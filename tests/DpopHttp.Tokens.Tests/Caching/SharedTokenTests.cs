using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>What instances with one key and one cache share, and what they do not.</summary>
public class SharedTokenTests
{
    private readonly SharedCache _cache = new();

    [Fact]
    public async Task The_token_is_shared()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        await AskAsync(tokens, _ => { }, _ => { });
        Assert.Single(tokens.Requests);
    }

    [Fact]
    public async Task A_Bearer_token_is_not_for_it_would_be_of_use_to_whoever_reads_the_cache()
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        tokens.TokenType = "Bearer";
        await AskAsync(tokens, _ => { }, _ => { }, BearerTokenHandling.Allow);
        Assert.Equal(2, tokens.Requests.Length);
    }

    public static TheoryData<string, Action<DpopClientCredentialsOptions>> Differences => new()
    {
        { "client", options => options.ClientId = "other" },
        { "scope", options => options.Scope = "other" },
        { "resource", options => options.Resources.Add("https://other.example") },
        { "parameter", options => options.Parameters["audience"] = "other" },
        { "parameter's place", options => options.Parameters["a"] = "b" },
    };

    [Theory]
    [MemberData(nameof(Differences), DisableDiscoveryEnumeration = true)]
    public async Task A_token_for_something_else_is_not(string difference, Action<DpopClientCredentialsOptions> makeDifferent)
    {
        await using TokenServer tokens = await TokenServer.StartAsync();
        await AskAsync(tokens, options => options.Parameters["b"] = "a", makeDifferent);
        Assert.True(tokens.Requests.Length == 2, difference);
    }

    /// <summary>Two instances with one key make a call each.</summary>
    private async Task AskAsync(
        TokenServer tokens, Action<DpopClientCredentialsOptions> first, Action<DpopClientCredentialsOptions> second, BearerTokenHandling bearerTokens = default)
    {
        using DpopKey key = DpopKey.Generate();
        foreach (Action<DpopClientCredentialsOptions> configure in (Action<DpopClientCredentialsOptions>[])[first, second])
        {
            ServiceCollection services = new();
            services.AddSingleton<IDistributedCache>(_cache);
            services.AddHttpClient("api")
                .AddDpop(options => (options.Key, options.BearerTokens) = (key, bearerTokens))
                .ConfigurePrimaryHttpMessageHandler(() => new Testing.ProtectedResourceHandler { RequireToken = false })
                .AddDpopClientCredentials(options =>
                {
                    (options.TokenEndpoint, options.ClientId, options.ClientSecret, options.Scope) = (tokens.TokenEndpoint, "orders-worker", "the-secret", "orders");
                    configure(options);
                });
            await using ServiceProvider provider = services.BuildServiceProvider();
            using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
            using HttpResponseMessage response = await http.GetAsync(new Uri("https://api.example.com/"));
            Assert.Equal(bearerTokens == BearerTokenHandling.Allow ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, response.StatusCode);
        }
    }

    /// <summary>HybridCache takes every cache for one that instances share, but for this very one of the platform's.</summary>
    private sealed class SharedCache() : MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions()));
}
