using System.Collections.Concurrent;

namespace DpopHttp.Nonces;

/// <summary>A dictionary of limited size that forgets what was not used for longest. Reads take no lock.</summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new(comparer);
    private readonly Lock _eviction = new();
    private long _uses;

    public TValue GetOrAdd(TKey key, Func<TKey, TValue> create)
    {
        if (!_entries.TryGetValue(key, out Entry? entry))
        {
            entry = _entries.GetOrAdd(key, static (k, make) => new Entry(make(k)), create);
            entry.LastUse = Interlocked.Increment(ref _uses);
            Evict();
        }
        else if (Volatile.Read(ref entry.LastUse) != Volatile.Read(ref _uses))
        {
            // Writing only when another entry was used in between keeps the line unshared for the usual single entry.
            Volatile.Write(ref entry.LastUse, Interlocked.Increment(ref _uses));
        }

        return entry.Value;
    }

    private void Evict()
    {
        if (_entries.Count <= capacity)
        {
            return;
        }

        lock (_eviction)
        {
            while (_entries.Count > capacity)
            {
                _entries.TryRemove(_entries.MinBy(e => Volatile.Read(ref e.Value.LastUse)).Key, out _);
            }
        }
    }

    private sealed class Entry(TValue value)
    {
        public readonly TValue Value = value;
        public long LastUse;
    }
}
