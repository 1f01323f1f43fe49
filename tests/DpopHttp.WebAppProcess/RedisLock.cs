using System.Security.Cryptography;
using StackExchange.Redis;

/// <summary>A lock that instances share: one holds the key at a time, and an instance that ended gives it up after a while.</summary>
internal sealed class RedisLock(IDatabase redis, RedisKey name, RedisValue owner) : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    public static async ValueTask<IAsyncDisposable?> TakeAsync(IConnectionMultiplexer connection, string name, CancellationToken cancellationToken)
    {
        RedisLock taken = new(connection.GetDatabase(), name, RandomNumberGenerator.GetHexString(32));
        while (!await taken.TryTakeAsync())
        {
            await Task.Delay(20, cancellationToken);
        }

        return taken;
    }

    public async ValueTask DisposeAsync() => await redis.LockReleaseAsync(name, owner);

    private Task<bool> TryTakeAsync() => redis.LockTakeAsync(name, owner, Life);
}
