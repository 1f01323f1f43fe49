using System.Collections.Concurrent;

namespace DpopHttp.OpenIdConnect.Stores;

/// <summary>Keeps sessions in this process, as many as the limit says: those that were unused for longest make room.</summary>
internal sealed class MemorySessionStore(int limit, TimeProvider time) : DpopSessionStore
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _sweep = new();

    public override ValueTask<byte[]?> LoadAsync(string session, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        if (!_entries.TryGetValue(session, out Entry? entry))
        {
            return default;
        }

        if (time.GetElapsedTime(entry.UsedAt, now) >= entry.Lifetime)
        {
            _entries.TryRemove(session, out _);
            return default;
        }

        entry.UsedAt = now;
        return new(entry.Content);
    }

    public override ValueTask SaveAsync(string session, byte[] content, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        _entries[session] = new Entry(content, lifetime) { UsedAt = time.GetTimestamp() };
        if (_entries.Count > limit)
        {
            MakeRoom();
        }

        return default;
    }

    public override ValueTask RemoveAsync(string session, CancellationToken cancellationToken)
    {
        _entries.TryRemove(session, out _);
        return default;
    }

    /// <summary>A twentieth at once, so that a full store doesn't sort with each sign-in.</summary>
    private void MakeRoom()
    {
        lock (_sweep)
        {
            long now = time.GetTimestamp();
            if (_entries.Count <= limit)
            {
                return;
            }

            foreach ((string session, Entry entry) in _entries)
            {
                if (time.GetElapsedTime(entry.UsedAt, now) >= entry.Lifetime)
                {
                    _entries.TryRemove(session, out _);
                }
            }

            int surplus = _entries.Count - (limit - (limit / 20));
            if (surplus <= 0 || _entries.Count <= limit)
            {
                return;
            }

            // The times are copied first: they change while requests go on, and a sort needs them to stand still.
            (string Session, long UsedAt)[] all = [.. _entries.Select(entry => (entry.Key, entry.Value.UsedAt))];
            Array.Sort(all, (x, y) => x.UsedAt.CompareTo(y.UsedAt));
            foreach ((string session, _) in all.Take(surplus))
            {
                _entries.TryRemove(session, out _);
            }
        }
    }

    private sealed class Entry(byte[] content, TimeSpan lifetime)
    {
        private long _usedAt;

        public byte[] Content => content;

        public TimeSpan Lifetime => lifetime;

        public long UsedAt
        {
            get => Volatile.Read(ref _usedAt);
            set => Volatile.Write(ref _usedAt, value);
        }
    }
}
