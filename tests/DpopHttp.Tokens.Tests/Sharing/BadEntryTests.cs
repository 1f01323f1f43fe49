using StackExchange.Redis;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>Somebody or something has been at the entry in Redis. It costs one token request, and then the entry is good again.</summary>
public class BadEntryTests
{
    /// <summary>Where StackExchangeRedisCache puts the content, in a hash.</summary>
    private const string Field = "data";

    [Theory]
    [InlineData("nothing")]
    [InlineData("one byte")]
    [InlineData("a text")]
    [InlineData("zeros")]
    [InlineData("its first half")]
    [InlineData("all but its last byte")]
    public Task An_entry_is_now(string what) => RunAsync(async (_, redis, entry) =>
    {
        byte[] data = (await redis.HashGetAsync(entry, Field))!;
        await redis.HashSetAsync(entry, Field, what switch
        {
            "nothing" => [],
            "one byte" => [3],
            "a text" => "Lorem ipsum dolor sit amet"u8.ToArray(),
            "zeros" => new byte[data.Length],
            "its first half" => data[..(data.Length / 2)],
            _ => data[..^1],
        });
    });

    [Fact]
    public Task An_entry_is_the_one_of_another_key() => RunAsync(async (site, redis, entry) =>
    {
        await site.CallOnceAsync(site.KeyFile("other.jwk"));
        await using RedisContent content = await RedisContent.OpenAsync(site.Redis);
        RedisKey other = Assert.Single(await content.KeysAsync(), key => key != entry);
        await redis.HashSetAsync(entry, Field, await redis.HashGetAsync(other, Field));
    });

    [Fact]
    public Task An_entry_has_lost_its_content() => RunAsync((_, redis, entry) => redis.HashDeleteAsync(entry, Field));

    [Fact]
    public Task An_entry_expires_at_no_time() => RunAsync((_, redis, entry) => redis.HashSetAsync(entry, "absexp", "tomorrow"));

    [Fact]
    public Task An_entry_is_no_hash_any_more() => RunAsync((_, redis, entry) => redis.StringSetAsync(entry, "Lorem ipsum"), repairable: false);

    private static async Task RunAsync(Func<SharingSite, IDatabase, RedisKey, Task> damage, bool repairable = true)
    {
        await using SharingSite site = await SharingSite.StartAsync();
        await using RedisContent content = await RedisContent.OpenAsync(site.Redis);
        await site.CallOnceAsync();
        await damage(site, content.Database, Assert.Single(await content.KeysAsync()));

        int before = site.TokenRequests;
        await site.CallOnceAsync();
        Assert.Equal(before + 1, site.TokenRequests);
        await site.CallOnceAsync();
        Assert.Equal(before + (repairable ? 1 : 2), site.TokenRequests);
    }
}
