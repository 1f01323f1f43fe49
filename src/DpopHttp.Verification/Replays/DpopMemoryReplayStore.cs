namespace DpopHttp.Verification;

/// <summary>
/// A replay store in the memory of this process, for an API that runs as one instance. Its size is bounded. A proof that may still be
/// accepted is never forgotten: when the store is full of such proofs, it refuses new ones.
/// </summary>
public sealed class DpopMemoryReplayStore : DpopReplayStore
{
    /// <summary>How many proofs are remembered at most unless the constructor is told otherwise: 1,000,000, in about 100 MB.</summary>
    public const int DefaultMaximumEntries = 1_000_000;

    private const int Shards = 16;

    // One shard fills before the others; the difference is small only when each has many entries.
    private const int FewestEntriesForShards = 65_536;

    private readonly ReplayShard[] _shards;
    private readonly TimeProvider _timeProvider;

    /// <summary>Creates a store.</summary>
    /// <param name="maximumEntries">How many proofs are remembered at most. Each takes about 70 to 150 bytes while it is.</param>
    /// <param name="timeProvider">The clock that decides what may be forgotten. Default: the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumEntries"/> is less than 1.</exception>
    public DpopMemoryReplayStore(int maximumEntries = DefaultMaximumEntries, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumEntries, 1);
        MaximumEntries = maximumEntries;
        _timeProvider = timeProvider ?? TimeProvider.System;
        int count = maximumEntries < FewestEntriesForShards ? 1 : Shards;
        _shards = [.. Enumerable.Range(0, count).Select(_ => new ReplayShard((maximumEntries + count - 1) / count))];
    }

    /// <summary>How many proofs are remembered at most.</summary>
    public int MaximumEntries { get; }

    /// <summary>How many proofs are remembered now, among them some that may be forgotten.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <inheritdoc/>
    public override ValueTask<bool> TryAddAsync(DpopReplayKey key, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ReplayShard shard = _shards[(uint)key.GetHashCode() % (uint)_shards.Length];
        return shard.TryAdd(key, until.UtcTicks, _timeProvider.GetUtcNow().UtcTicks) is { } added
            ? ValueTask.FromResult(added)
            : ValueTask.FromException<bool>(new DpopReplayStoreException(
                $"The replay store in memory is full: it remembers {MaximumEntries} proofs that can still be used. A proof that it cannot "
                + "remember is not accepted. Allow more entries, or shorten the lifetime of proofs."));
    }
}
