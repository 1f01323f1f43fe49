using System.Collections.Concurrent;
using DpopHttp.Shared;

namespace DpopHttp.KeyRing;

/// <summary>
/// Where a key comes from, and where the next one goes. Each source has a lock of its own: a file that hangs holds up nobody but those that
/// need it.
/// </summary>
/// <param name="ownsKeys">Whether the keys end with the container.</param>
internal abstract class KeySource(bool ownsKeys) : IDisposable
{
    private readonly Lock _lock = new();

    /// <summary>Keys that were current before, for as long as anything in this process holds on to them.</summary>
    private readonly ConcurrentDictionary<string, WeakReference<DpopKey>> _former = new(StringComparer.Ordinal);

    private readonly Lock _openingLock = new();

    private volatile DpopKey? _current;
    private volatile bool _hasEnded;
    private Task<DpopKey>? _opening;

    /// <summary>The key to sign with, if it was opened or made already.</summary>
    public DpopKey? Opened => _current;

    /// <summary>The key to sign with, opened or made at first use.</summary>
    /// <exception cref="DpopException">The key can't be opened or made.</exception>
    public DpopKey Current => _current ?? Exclusively(() => _current ??= Open());

    /// <summary>As <see cref="Current"/>. One thread of the pool opens the key, however many wait, and none of those waits on a thread.</summary>
    public ValueTask<DpopKey> GetCurrentAsync(CancellationToken cancellationToken) =>
        _current is { } current ? new(current) : new(OpenOnce().WaitAsync(cancellationToken));

    /// <summary>Makes a new key where the old one came from.</summary>
    public DpopKey Rotate() => Exclusively(() => Become(MakeNext()));

    /// <summary>The key with the thumbprint, if this source has it in memory.</summary>
    public DpopKey? FindInMemory(string thumbprint)
    {
        DpopKey? current = _current;
        if (current?.Thumbprint == thumbprint)
        {
            return current;
        }

        return _former.TryGetValue(thumbprint, out WeakReference<DpopKey>? reference) && reference.TryGetTarget(out DpopKey? former) ? former : null;
    }

    /// <summary>The key with the thumbprint, if it is or was this source's. No key is made.</summary>
    public DpopKey? Find(string thumbprint) => FindInMemory(thumbprint) ?? Exclusively(() =>
    {
        DpopKey? found = FindInMemory(thumbprint) ?? FindKept(thumbprint);
        if (found is not null && found != _current)
        {
            Remember(found);
        }

        return found;
    });

    /// <summary>Ends the use of the keys that were made or opened here. It doesn't wait for a key that is being opened: that one ends when it is open.</summary>
    public void Dispose()
    {
        _hasEnded = true;
        EndKeys();
    }

    protected abstract DpopKey Open();

    protected abstract DpopKey MakeNext();

    /// <summary>A former key that is kept outside the process.</summary>
    protected virtual DpopKey? FindKept(string thumbprint) => null;

    protected T Exclusively<T>(Func<T> work)
    {
        try
        {
            lock (_lock)
            {
                ThrowIfEnded();
                return work();
            }
        }
        finally
        {
            if (_hasEnded)
            {
                EndKeys();
            }
        }
    }

    /// <summary>The old key isn't disposed: requests under way sign with it.</summary>
    protected DpopKey Become(DpopKey next)
    {
        if (_current is { } former && former != next)
        {
            Remember(former);
        }

        return _current = next;
    }

    private Task<DpopKey> OpenOnce()
    {
        lock (_openingLock)
        {
            return _opening is { IsCompleted: false } ? _opening : _opening = SharedWork.Begin(() => Task.FromResult(Current));
        }
    }

    private void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_hasEnded, typeof(DpopKeyRing));

    private void Remember(DpopKey key)
    {
        foreach ((string thumbprint, WeakReference<DpopKey> reference) in _former)
        {
            if (!reference.TryGetTarget(out _))
            {
                _former.TryRemove(thumbprint, out _);
            }
        }

        _former[key.Thumbprint] = new WeakReference<DpopKey>(key);
    }

    private void EndKeys()
    {
        // Whoever holds the lock now ends the keys when it is done.
        if (!ownsKeys || !_lock.TryEnter())
        {
            return;
        }

        try
        {
            _current?.Dispose();
            foreach (WeakReference<DpopKey> reference in _former.Values)
            {
                if (reference.TryGetTarget(out DpopKey? key))
                {
                    key.Dispose();
                }
            }
        }
        finally
        {
            _lock.Exit();
        }
    }
}
