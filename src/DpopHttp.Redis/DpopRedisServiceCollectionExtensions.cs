using DpopHttp.Redis;
using DpopHttp.Verification;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the memory of used proofs in Redis.</summary>
public static class DpopRedisServiceCollectionExtensions
{
    /// <summary>
    /// Remembers used proofs in Redis, for all schemes whose <c>Replay</c> is <c>Automatic</c> or <c>Shared</c>. The connection is made with
    /// the first proof; while Redis can't be reached, proofs are refused, and the API starts all the same.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where Redis is, as StackExchange.Redis takes it, such as <c>redis.example.com:6379,ssl=true</c>.</param>
    /// <param name="prefix">What the keys begin with, so that several APIs can share a database. Default: "dpop:jti:".</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="configuration"/> is empty, or isn't understood by StackExchange.Redis.</exception>
    public static IServiceCollection AddDpopRedis(
        this IServiceCollection services, string configuration, string prefix = DpopRedisReplayStore.DefaultPrefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        ConfigurationOptions options = ConfigurationOptions.Parse(configuration);

        // The API starts without Redis; and a proof that Redis can't be asked about is refused at once, rather than queued.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        return Add(services, async _ => await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false), prefix, isOwned: true);
    }

    /// <summary>The same over a connection of the application's own, such as one that is shared with a cache. It isn't disposed here.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connect">Gives the connection. It is called with the first proof, and again when it has thrown.</param>
    /// <param name="prefix">What the keys begin with, so that several APIs can share a database. Default: "dpop:jti:".</param>
    /// <returns>The services.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IServiceCollection AddDpopRedis(
        this IServiceCollection services,
        Func<IServiceProvider, Task<IConnectionMultiplexer>> connect,
        string prefix = DpopRedisReplayStore.DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(connect);
        return Add(services, connect, prefix, isOwned: false);
    }

    private static IServiceCollection Add(
        IServiceCollection services, Func<IServiceProvider, Task<IConnectionMultiplexer>> connect, string prefix, bool isOwned)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(prefix);
        services.TryAddSingleton(provider => new RedisConnection(() => connect(provider), isOwned));
        services.TryAddSingleton<DpopReplayStore>(provider => new DpopRedisReplayStore(
            provider.GetRequiredService<RedisConnection>().GetAsync, prefix, null, provider.GetService<TimeProvider>()));
        return services;
    }
}
