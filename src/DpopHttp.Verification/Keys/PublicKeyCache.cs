using System.Collections.Concurrent;

namespace DpopHttp.Verification;

/// <summary>
/// Imported public keys by thumbprint: importing one costs three times as much as checking a signature with it. Bounded; when it is full,
/// the quarter that was used longest ago goes at once.
/// </summary>
internal sealed class PublicKeyCache(int capacity)
{
    private readonly ConcurrentDictionary<Digest256, ProofKey> _keys = new();
    private readonly Lock _cleaning = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public ProofKey? Find(Digest256 thumbprint)
    {
        if (!_keys.TryGetValue(thumbprint, out ProofKey? key))
        {
            return null;
        }

        key.LastUse = Environment.TickCount64;
        return key;
    }

    /// <summary>Takes the key in. False when it already has that key, or keeps none: the caller still owns it then.</summary>
    public bool TryAdd(ProofKey key)
    {
        key.LastUse = Environment.TickCount64;
        if (capacity == 0 || !_keys.TryAdd(key.Id, key))
        {
            return false;
        }

        if (Interlocked.Increment(ref _count) > capacity && _cleaning.TryEnter())
        {
            try
            {
                RemoveOldest();
            }
            finally
            {
                _cleaning.Exit();
            }
        }

        return true;
    }

    // A removed key isn't disposed: another thread may be verifying with it. Its handle is released when nobody holds it.
    private void RemoveOldest()
    {
        ProofKey[] oldestFirst = [.. _keys.Values];

        // Sorted by a copy, because other threads go on using the keys.
        Array.Sort(Array.ConvertAll(oldestFirst, key => key.LastUse), oldestFirst);
        foreach (ProofKey key in oldestFirst.AsSpan(0, Math.Clamp(oldestFirst.Length - (capacity * 3 / 4), 0, oldestFirst.Length)))
        {
            if (_keys.TryRemove(key.Id, out _))
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }
}
