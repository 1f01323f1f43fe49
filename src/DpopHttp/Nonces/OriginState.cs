namespace DpopHttp.Nonces;

/// <summary>What one origin has told the holder of one key.</summary>
internal sealed class OriginState(DpopKey key)
{
    private long _departures;
    private Received? _nonce;
    private long _clockOffset;

    public DpopKey Key => key;

    /// <summary>The nonce to put into the next proof, or null while the origin has given none.</summary>
    public string? Nonce => Volatile.Read(ref _nonce)?.Nonce;

    /// <summary>The origin's time less ours, as far as a refusal has shown it.</summary>
    public TimeSpan ClockOffset
    {
        get => new(Volatile.Read(ref _clockOffset));
        set => Volatile.Write(ref _clockOffset, value.Ticks);
    }

    public ColdStart ColdStart { get; } = new();

    /// <summary>Whether a request may still be refused for want of a nonce: not where an origin answers and has never given one.</summary>
    public bool MayAskForNonce => !ColdStart.IsOver || Nonce is not null;

    /// <summary>Numbers a request that leaves now, so that its answer can be placed in time.</summary>
    public long Depart() => Interlocked.Increment(ref _departures);

    /// <summary>Keeps the nonce that the answer to request number <paramref name="departure"/> brought, unless a later request brought one already.</summary>
    public void Learn(string nonce, long departure)
    {
        Received news = new(nonce, departure);
        for (Received? known = Volatile.Read(ref _nonce); known is null || known.Departure <= departure;)
        {
            Received? found = Interlocked.CompareExchange(ref _nonce, news, known);
            if (ReferenceEquals(found, known))
            {
                return;
            }

            known = found;
        }
    }

    private sealed record Received(string Nonce, long Departure);
}
