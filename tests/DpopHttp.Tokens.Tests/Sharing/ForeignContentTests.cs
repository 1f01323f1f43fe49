using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>
/// Somebody who knows how entries are packed has put something else into one. It costs one token request, and then the entry is good again.
/// </summary>
public class ForeignContentTests
{
    private static readonly HybridCacheEntryOptions InRedis = new() { Flags = HybridCacheEntryFlags.DisableLocalCache };

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"Value\":")]
    [InlineData("{}")]
    [InlineData("{\"Scheme\":\"DPoP\"}")]
    public Task A_content_that_is_no_token(string content) => RunAsync((_, _) => Task.FromResult(content));

    [Theory]
    [InlineData("access_token", "7")]
    [InlineData("access_token", "null")]
    [InlineData("access_token", "\"\"")]
    [InlineData("access_token", "\"two words\"")]
    [InlineData("access_token", "\"caf\\u00e9\"")]
    [InlineData("access_token", "\"x\\r\\nX-Injected: y\"")]
    [InlineData("access_token", "\"a-token-that-nobody-gave\"")]
    [InlineData("obtained_at", "1")]
    [InlineData("expires_at", "\"tomorrow\"")]
    [InlineData("expires_at", "0")]
    [InlineData("expires_at", "99999999999")]
    [InlineData("mac", "null")]
    [InlineData("mac", "\"\"")]
    [InlineData("mac", "\"!\"")]
    [InlineData("mac", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"")]
    public Task A_token_with_another(string member, string json) => RunAsync(async (_, good) =>
    {
        JsonNode content = JsonNode.Parse(await good)!;
        Assert.NotNull(content[member]);
        content[member] = JsonNode.Parse(json);
        return content.ToJsonString();
    });

    [Fact]
    public Task The_token_of_another_key() => RunAsync(async (site, _) =>
    {
        await using RedisContent redis = await RedisContent.OpenAsync(site.Redis);
        RedisKey own = Assert.Single(await redis.KeysAsync());
        await site.CallOnceAsync(site.KeyFile("other.jwk"));
        await using ServiceProvider instance = site.StartInstance();
        return await ReadAsync(instance.GetRequiredService<HybridCache>(), Assert.Single(await redis.KeysAsync(), key => key != own));
    });

    /// <param name="make">Makes the content, given the good one.</param>
    private static async Task RunAsync(Func<SharingSite, Task<string>, Task<string>> make)
    {
        await using SharingSite site = await SharingSite.StartAsync();
        await using RedisContent redis = await RedisContent.OpenAsync(site.Redis);
        await site.CallOnceAsync();
        RedisKey entry = Assert.Single(await redis.KeysAsync());
        await using ServiceProvider instance = site.StartInstance();
        HybridCache cache = instance.GetRequiredService<HybridCache>();
        byte[] content = Encoding.UTF8.GetBytes(await make(site, ReadAsync(cache, entry)));
        await cache.SetAsync(entry.ToString(), content, InRedis);

        int before = site.TokenRequests;
        await site.CallOnceAsync();
        Assert.Equal(before + 1, site.TokenRequests);
        await site.CallOnceAsync();
        Assert.Equal(before + 1, site.TokenRequests);
    }

    private static async Task<string> ReadAsync(HybridCache cache, RedisKey entry) =>
        Encoding.UTF8.GetString(await cache.GetOrCreateAsync<byte[]>(entry.ToString(), _ => ValueTask.FromResult<byte[]>([]), InRedis));
}
