using DpopHttp.Tokens.Tests.Sharing;
using DpopHttp.Verification;
using StackExchange.Redis;

namespace DpopHttp.Redis.Tests;

/// <summary>What the store writes.</summary>
public sealed class StoreTests
{
    [Fact]
    public async Task TryAdd_WritesOneKeyWithAnExpiryAndNoClaim()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        DpopRedisReplayStore store = new(connection, "orders:");
        DpopReplayKey key = DpopReplayKey.Create("thumbprint", "https://api.example.com/", "jti-of-the-client");

        Assert.True(await store.TryAddAsync(key, TimeProvider.System.GetUtcNow().AddMinutes(2), CancellationToken.None));
        Assert.False(await store.TryAddAsync(key, TimeProvider.System.GetUtcNow().AddMinutes(2), CancellationToken.None));

        IDatabase database = connection.GetDatabase();
        Assert.Equal($"orders:{key}", (string?)Assert.Single((RedisResult[])(await database.ExecuteAsync("KEYS", "*"))!));
        Assert.InRange((await database.KeyTimeToLiveAsync($"orders:{key}"))!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task TryAdd_ProofWhoseTimeIsNearlyOver_IsStillRemembered()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);
        DpopRedisReplayStore store = new(connection);

        Assert.True(await store.TryAddAsync(default, TimeProvider.System.GetUtcNow().AddSeconds(-1), CancellationToken.None));
    }

    [Fact]
    public async Task NonceSecret_OfManyInstancesAtOnce_IsTheSame()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.Configuration);

        byte[][] secrets = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => DpopRedisNonceSecret.GetOrCreateAsync(connection)));

        Assert.All(secrets, secret => Assert.Equal(secrets[0], secret));
        Assert.True(new DpopNonces(secrets[1]).Accepts(new DpopNonces(secrets[0]).Current));
        await connection.GetDatabase().StringSetAsync(DpopRedisNonceSecret.DefaultKey, "x");
        await Assert.ThrowsAsync<InvalidOperationException>(() => DpopRedisNonceSecret.GetOrCreateAsync(connection));
    }
}
