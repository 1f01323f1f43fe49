namespace DpopHttp.Verification;

/// <summary>A part of the memory with a lock of its own. Times are ticks.</summary>
internal sealed class ReplayShard(int capacity)
{
    private const int FirstCleaning = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<DpopReplayKey, long> _untilByKey = [];
    private int _nextCleaning = Math.Min(FirstCleaning, capacity);
    private long _earliestUntil = long.MaxValue;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _untilByKey.Count;
            }
        }
    }

    /// <summary>True when it is new, false when it was there, null when there is no room for it.</summary>
    public bool? TryAdd(DpopReplayKey key, long until, long now)
    {
        lock (_gate)
        {
            if (_untilByKey.TryGetValue(key, out long rememberedUntil) && rememberedUntil >= now)
            {
                return false;
            }

            // While nothing can have expired since the last cleaning, there is nothing to look for.
            if (_untilByKey.Count >= _nextCleaning && now > _earliestUntil)
            {
                Clean(now);
            }

            if (_untilByKey.Count >= capacity)
            {
                return null;
            }

            _untilByKey[key] = until;
            _earliestUntil = Math.Min(_earliestUntil, until);
            return true;
        }
    }

    // In batches: each cleaning looks at all entries, and the next comes when there are twice as many as were left.
    private void Clean(long now)
    {
        _earliestUntil = long.MaxValue;
        foreach ((DpopReplayKey key, long until) in _untilByKey)
        {
            if (until < now)
            {
                _untilByKey.Remove(key);
            }
            else
            {
                _earliestUntil = Math.Min(_earliestUntil, until);
            }
        }

        _nextCleaning = Math.Clamp(_untilByKey.Count * 2, Math.Min(FirstCleaning, capacity), capacity);
    }
}
