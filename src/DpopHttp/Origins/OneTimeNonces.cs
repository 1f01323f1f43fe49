namespace DpopHttp.Origins;

/// <summary>
/// The nonces of an origin that takes each once: of the answers to many requests at a time, each brought one, and the next request takes the newest that nobody
/// has used. Whether the origin is of that kind shows when nonces are refused that were accepted once, while none is accepted twice.
/// </summary>
internal sealed class OneTimeNonces
{
    private const int RefusalsThatProve = 2;

    /// <summary>More requests than this under way at a time share their nonces as before.</summary>
    private const int Capacity = 128;

    private readonly List<ReceivedNonce> _unused = [];
    private int _refusedAfterUse;

    public bool IsLikely => Volatile.Read(ref _refusedAfterUse) >= RefusalsThatProve;

    /// <summary>The newest nonce that nobody has used, given to the key or, where keys share them, to any.</summary>
    public ReceivedNonce? Take(string thumbprint, bool acrossKeys)
    {
        lock (_unused)
        {
            for (int i = _unused.Count - 1; i >= 0; i--)
            {
                ReceivedNonce nonce = _unused[i];
                if (acrossKeys || nonce.Thumbprint == thumbprint)
                {
                    _unused.RemoveAt(i);
                    if (nonce.TryTake())
                    {
                        return nonce;
                    }
                }
            }

            return null;
        }
    }

    public void Keep(ReceivedNonce received)
    {
        lock (_unused)
        {
            if (_unused.Count == Capacity)
            {
                _unused.RemoveAt(0);
            }

            _unused.Add(received);
        }
    }

    /// <summary>Notes how a nonce fared.</summary>
    public void Note(ReceivedNonce used, bool wasRefused)
    {
        if (wasRefused)
        {
            NoteRefusal(used);
        }
        else if (used.CountAcceptance() == 2)
        {
            Volatile.Write(ref _refusedAfterUse, 0);
        }
    }

    private void NoteRefusal(ReceivedNonce used)
    {
        if (used.Acceptances == 1)
        {
            Interlocked.Increment(ref _refusedAfterUse);
        }
        else if (used is { Acceptances: 0, IsTaken: true })
        {
            // Nobody else has used it, so it was too old: so are those before it.
            lock (_unused)
            {
                _unused.RemoveAll(nonce => nonce.RequestNumber <= used.RequestNumber);
            }
        }
    }
}
