using DpopHttp.Tokens.Tests.Sharing;
using DpopHttp.Verification;
using Microsoft.Extensions.DependencyInjection;
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
    public async Task TryAdd_ConnectionThatBlocksWhileItIsMade_IsNotWaitedForLongerThanItsTime()
    {
        using ManualResetEventSlim isOver = new();
        int calls = 0;
        await using ServiceProvider services = Services(_ =>
        {
            Interlocked.Increment(ref calls);
            isOver.Wait();
            throw new InvalidOperationException("There is no connection.");
        });
        DpopReplayStore store = services.GetRequiredService<DpopReplayStore>();
        try
        {
            Task<bool>[] both = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(async () => await TryAddAsync(store)))];

            foreach (Task<bool> one in both)
            {
                DpopReplayStoreException error = await Assert.ThrowsAsync<DpopReplayStoreException>(() => one.WaitAsync(TimeSpan.FromMinutes(1)));
                Assert.IsType<TimeoutException>(error.InnerException);
            }

            Assert.Equal(1, calls);
        }
        finally
        {
            isOver.Set();
        }
    }

    [Fact]
    public async Task TryAdd_ConnectionThatCannotBeMade_SaysSoWhateverIsThrownAndTriesAgain()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        bool isDown = true;
        await using ServiceProvider services = Services(async _ => isDown
            ? throw new InvalidOperationException("There is no connection.")
            : await ConnectionMultiplexer.ConnectAsync(redis.Configuration));
        DpopReplayStore store = services.GetRequiredService<DpopReplayStore>();

        DpopReplayStoreException error = await Assert.ThrowsAsync<DpopReplayStoreException>(() => TryAddAsync(store));
        isDown = false;

        Assert.IsType<InvalidOperationException>(error.InnerException);
        await AnswersAsync(store);
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

    private static ServiceProvider Services(Func<IServiceProvider, Task<IConnectionMultiplexer>> connect) =>
        new ServiceCollection().AddDpopRedis(connect).BuildServiceProvider();

    private static Task<bool> TryAddAsync(DpopReplayStore store) =>
        store.TryAddAsync(default, TimeProvider.System.GetUtcNow().AddMinutes(2), CancellationToken.None).AsTask();

    // On a busy machine, connecting can take longer than the second that the store has.
    private static async Task AnswersAsync(DpopReplayStore store)
    {
        while (true)
        {
            try
            {
                await TryAddAsync(store);
                return;
            }
            catch (DpopReplayStoreException exception) when (exception.InnerException is TimeoutException)
            {
                await Task.Yield();
            }
        }
    }
}
