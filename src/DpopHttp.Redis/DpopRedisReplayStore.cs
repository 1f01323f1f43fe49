using DpopHttp.Verification;
using StackExchange.Redis;

namespace DpopHttp.Redis;

/// <summary>
/// A replay store in Redis, for an API that runs as several instances: <c>SET NX</c> with an expiry, so that of any number of instances
/// exactly one accepts a proof (<see href="https://www.rfc-editor.org/rfc/rfc9449#section-11.1">RFC 9449 section 11.1</see>). One short key
/// for each proof, which Redis forgets when the proof can no longer be used.
/// </summary>
/// <remarks>
/// All instances must write to the same primary. A failover to a replica that has not yet got the newest keys, and a memory policy that
/// evicts keys which have not expired, let a proof through twice: use <c>noeviction</c> or <c>volatile-ttl</c> with memory enough.
/// </remarks>
public sealed class DpopRedisReplayStore : DpopReplayStore
{
    /// <summary>What the keys begin with unless the constructor is told otherwise: "dpop:jti:".</summary>
    public const string DefaultPrefix = "dpop:jti:";

    private static readonly TimeSpan ShortestExpiry = TimeSpan.FromSeconds(1);

    private readonly Func<ValueTask<IConnectionMultiplexer>> _connect;
    private readonly string _prefix;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a store over a connection.</summary>
    /// <param name="connection">The connection; it isn't disposed.</param>
    /// <param name="prefix">What the keys begin with, so that several APIs can share a database. Default: "dpop:jti:".</param>
    /// <param name="timeout">How long to wait for an answer. Default: one second.</param>
    /// <param name="timeProvider">The clock. Default: the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="connection"/> is null.</exception>
    public DpopRedisReplayStore(
        IConnectionMultiplexer connection, string prefix = DefaultPrefix, TimeSpan? timeout = null, TimeProvider? timeProvider = null)
        : this(() => ValueTask.FromResult(connection), prefix, timeout, timeProvider) => ArgumentNullException.ThrowIfNull(connection);

    internal DpopRedisReplayStore(
        Func<ValueTask<IConnectionMultiplexer>> connect, string prefix, TimeSpan? timeout, TimeProvider? timeProvider)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        _connect = connect;
        _prefix = prefix;
        _timeout = timeout ?? TimeSpan.FromSeconds(1);
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TryAddAsync(DpopReplayKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        TimeSpan expiry = until - _timeProvider.GetUtcNow();
        try
        {
            IConnectionMultiplexer connection = await _connect().AsTask().WaitAsync(_timeout, cancellationToken).ConfigureAwait(false);

            // On the primary only: a replica may not know yet what was written there.
            return await connection.GetDatabase()
                .StringSetAsync(_prefix + key, RedisValue.EmptyString, Max(expiry, ShortestExpiry), When.NotExists, CommandFlags.DemandMaster)
                .WaitAsync(_timeout, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DpopReplayStoreException(
                $"Redis could not say whether the proof was used before ({exception.GetType().Name}), so the proof isn't accepted. Check that Redis "
                + "runs, that this API can reach it and that it takes writes.",
                exception);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
