namespace DpopHttp.Keys;

/// <summary>Where clients' key comes from, and where the next one goes. Used under the ring's lock.</summary>
/// <param name="ownsKeys">Whether they end with the ring.</param>
internal abstract class KeySource(bool ownsKeys) : IDisposable
{
    /// <summary>Keys that were current before, for as long as anything in this process holds on to them.</summary>
    private readonly Dictionary<string, WeakReference<DpopKey>> _former = new(StringComparer.Ordinal);

    private DpopKey? _current;

    /// <summary>Whether there is a key, from which the source cannot go back.</summary>
    public bool IsOpen => _current is not null;

    /// <summary>The key to sign with, opened or made at first use.</summary>
    /// <exception cref="DpopException">It cannot be.</exception>
    public DpopKey Current => _current ??= Open();

    /// <summary>Makes a new key where the old one came from.</summary>
    public DpopKey Rotate() => Become(MakeNext());

    /// <summary>The key with the thumbprint, if it is or was this source's. None is opened or made that nobody has asked for.</summary>
    public DpopKey? Find(string thumbprint)
    {
        if (_current?.Thumbprint == thumbprint)
        {
            return _current;
        }

        if (_former.TryGetValue(thumbprint, out WeakReference<DpopKey>? reference) && reference.TryGetTarget(out DpopKey? known))
        {
            return known;
        }

        DpopKey? kept = FindKept(thumbprint);
        if (kept is not null)
        {
            Remember(kept);
        }

        return kept;
    }

    /// <summary>Ends the use of the keys that were made or opened here.</summary>
    public void Dispose()
    {
        if (!ownsKeys)
        {
            return;
        }

        _current?.Dispose();
        foreach (WeakReference<DpopKey> reference in _former.Values)
        {
            if (reference.TryGetTarget(out DpopKey? key))
            {
                key.Dispose();
            }
        }
    }

    protected abstract DpopKey Open();

    protected abstract DpopKey MakeNext();

    /// <summary>A former key that is kept outside the process.</summary>
    protected virtual DpopKey? FindKept(string thumbprint) => null;

    /// <summary>The old key is not disposed: requests under way sign with it.</summary>
    protected DpopKey Become(DpopKey next)
    {
        if (_current is not null)
        {
            Remember(_current);
        }

        return _current = next;
    }

    private void Remember(DpopKey key)
    {
        foreach ((string thumbprint, WeakReference<DpopKey> reference) in _former)
        {
            if (!reference.TryGetTarget(out _))
            {
                _former.Remove(thumbprint);
            }
        }

        _former[key.Thumbprint] = new WeakReference<DpopKey>(key);
    }
}
