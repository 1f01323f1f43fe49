using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace DpopHttp.Collections;

/// <summary>
/// A dictionary of limited size that forgets what was not used for a while. Reads take no lock, and an addition to a full cache costs the same
/// however large the cache is: entries stand in a queue, and one that was used since it was looked at last goes to its end once more.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(int capacity, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
    where TValue : class
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = new(comparer);
    private readonly Queue<Entry> _queue = new();
    private readonly Lock _lock = new();

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value) => Use(_entries.TryGetValue(key, out Entry? entry), entry, out value);

    /// <summary>As <see cref="TryGet(TKey, out TValue)"/>, for a comparer that compares keys with an alternate form of them.</summary>
    public bool TryGet<TAlternate>(TAlternate key, [NotNullWhen(true)] out TValue? value)
        where TAlternate : notnull, allows ref struct =>
        Use(_entries.GetAlternateLookup<TAlternate>().TryGetValue(key, out Entry? entry), entry, out value);

    public TValue GetOrAdd<TState>(TKey key, Func<TKey, TState, TValue> create, TState state)
    {
        if (TryGet(key, out TValue? known))
        {
            return known;
        }

        Entry made = new(key, create(key, state));
        lock (_lock)
        {
            if (!_entries.TryAdd(key, made))
            {
                return _entries[key].Value;
            }

            _queue.Enqueue(made);
            if (_queue.Count > capacity)
            {
                ForgetOne();
            }
        }

        return made.Value;
    }

    private static bool Use(bool found, Entry? entry, [NotNullWhen(true)] out TValue? value)
    {
        // Writing only once keeps the line unshared while many threads read.
        if (found && !Volatile.Read(ref entry!.WasUsed))
        {
            Volatile.Write(ref entry.WasUsed, true);
        }

        value = entry?.Value;
        return found;
    }

    private void ForgetOne()
    {
        // After one round all marks are gone, unless others set them meanwhile: then the one that is first goes.
        for (int left = _queue.Count; left > 0; left--)
        {
            Entry first = _queue.Dequeue();
            if (left == 1 || !first.WasUsed)
            {
                _entries.TryRemove(first.Key, out _);
                return;
            }

            first.WasUsed = false;
            _queue.Enqueue(first);
        }
    }

    private sealed class Entry(TKey key, TValue value)
    {
        public readonly TKey Key = key;
        public readonly TValue Value = value;
        public bool WasUsed;
    }
}
