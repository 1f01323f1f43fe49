using System.Runtime.CompilerServices;

namespace DpopHttp.Origins;

/// <summary>
/// What one origin has shown about itself. Its nonces are the server's and not the key's (RFC 9449 sections 8 and 9), but there are servers that give
/// each key nonces of its own, and origins that are two servers: which they are is learnt from what they refuse.
/// </summary>
internal sealed class OriginState
{
    /// <summary>Milliseconds.</summary>
    private const long FreshFor = 10_000;

    private readonly NonceSpace _withToken = new();
    private readonly NonceSpace _withoutToken = new();
    private readonly Sharing _acrossKeys = new();
    private readonly Sharing _acrossSpaces = new();
    private ConditionalWeakTable<DpopNonceStore, StoredNonces>? _stored;
    private volatile bool _storedIsGood;
    private long _requests;
    private long _nonceCame = long.MinValue / 2;

    /// <summary>Scheme and authority as its requests' proofs name them; null until the first.</summary>
    public string? TargetAuthority { get; set; }

    public ColdStart ColdStart { get; } = new();

    public ServerClock Clock { get; } = new();

    public ExpectBehavior Expect { get; } = new();

    /// <summary>What was said about it in the log already.</summary>
    public OnceOnly Reports { get; } = new();

    /// <summary>Whether a request may still be refused for want of a nonce: not where an origin answers and has never given one.</summary>
    public bool MayAskForNonce => !ColdStart.IsOver || HasGivenNonce;

    /// <summary>Whether the origin has given anybody a nonce.</summary>
    public bool HasGivenNonce => _withToken.OfAll is not null || _withoutToken.OfAll is not null;

    /// <summary>Whether the newest nonce came so lately that the shortest-lived of them, of a few seconds, are still good.</summary>
    public bool HasFreshNonce => Environment.TickCount64 - Volatile.Read(ref _nonceCame) < FreshFor;

    /// <summary>Numbers a request that leaves now, so that its answer can be placed in time.</summary>
    public long NextRequestNumber() => Interlocked.Increment(ref _requests);

    /// <summary>The nonce for the next proof of a key, in a request with an access token or without.</summary>
    public NonceChoice Choose(string thumbprint, bool hasToken)
    {
        (NonceSpace own, NonceSpace other) = Spaces(hasToken);
        ReceivedNonce? nonce = Choose(own, thumbprint);
        ReceivedNonce? alternative = nonce is null || _acrossSpaces.IsLikely ? Choose(other, thumbprint) : null;

        // The one of its own kind is worth a try where the store's nonce for the other kind was good.
        bool isOfOtherSpace = IsNewer(alternative, nonce) && !(_storedIsGood && nonce is { IsFromStore: true });
        nonce = isOfOtherSpace ? alternative : nonce;
        return new NonceChoice(nonce?.Value, nonce is { IsFromStore: false } && nonce.Thumbprint != thumbprint, isOfOtherSpace, nonce);
    }

    /// <summary>Keeps the nonce that the answer to request number <paramref name="requestNumber"/> brought, unless a later request brought one already.</summary>
    /// <param name="nonce">The nonce.</param>
    /// <param name="thumbprint">The key that the answered request was signed with.</param>
    /// <param name="hasToken">Whether the request had an access token.</param>
    /// <param name="requestNumber">The number of the answered request.</param>
    /// <param name="wasUsed">Whether the request was sent once more with the nonce, and accepted.</param>
    public void Learn(string nonce, string thumbprint, bool hasToken, long requestNumber, bool wasUsed = false)
    {
        Volatile.Write(ref _nonceCame, Environment.TickCount64);
        (NonceSpace own, NonceSpace other) = Spaces(hasToken);
        if (own.TryConfirm(nonce, thumbprint, requestNumber))
        {
            return;
        }

        if (own.OfAll is { IsFromStore: false } known && known.Value == nonce && known.Thumbprint != thumbprint)
        {
            _acrossKeys.Confirm();
        }

        if (other.OfAll?.Value == nonce)
        {
            _acrossSpaces.Confirm();
        }

        ReceivedNonce received = new(nonce, thumbprint, requestNumber);
        if (wasUsed)
        {
            received.TryTake();
            received.CountAcceptance();
        }

        own.Learn(received);
    }

    /// <summary>Notes whether a nonce was good where it was used.</summary>
    public void Note(NonceChoice used, bool hasToken, bool wasRefused)
    {
        if (used.Received is { IsFromStore: true })
        {
            // It may be old, or have been another key's: a refusal says nothing about the server.
            _storedIsGood = !wasRefused;
            return;
        }

        if (used.Received is { } received)
        {
            (used.IsOfOtherSpace == hasToken ? _withoutToken : _withToken).OneTime.Note(received, wasRefused);
        }

        if (used.IsOfOtherKey)
        {
            Note(_acrossKeys, wasRefused);
        }

        if (used.IsOfOtherSpace)
        {
            Note(_acrossSpaces, wasRefused);
        }
    }

    /// <summary>What a store has of this origin, if it was asked already. Clients may have different stores.</summary>
    public StoredNonces? FindStored(DpopNonceStore store) =>
        Volatile.Read(ref _stored) is { } table && table.TryGetValue(store, out StoredNonces? stored) ? stored : null;

    /// <summary>Begins to use a store for this origin.</summary>
    /// <param name="store">The store.</param>
    /// <param name="name">What the store calls the origin.</param>
    /// <param name="time">Measures how long the store takes.</param>
    /// <param name="report">Told of the store's failures.</param>
    public StoredNonces AddStored(DpopNonceStore store, string name, TimeProvider time, Action<Exception> report)
    {
        GuardedNonceStore guarded = new(store, time, report);
        StoredNonces stored = new(new StoredNonce(name + " token", _withToken, guarded, time), new StoredNonce(name, _withoutToken, guarded, time));
        return LazyInitializer.EnsureInitialized(ref _stored, static () => []).GetOrAdd(store, stored);
    }

    private static void Note(Sharing sharing, bool wasRefused)
    {
        if (wasRefused)
        {
            sharing.Doubt();
        }
        else
        {
            sharing.Confirm();
        }
    }

    private ReceivedNonce? Choose(NonceSpace space, string thumbprint)
    {
        if (space.OneTime.IsLikely && space.OneTime.Take(thumbprint, _acrossKeys.IsLikely) is { } unused)
        {
            return unused;
        }

        ReceivedNonce? own = space.OfKey(thumbprint);
        ReceivedNonce? newest = own is null || (_acrossKeys.IsLikely && IsNewer(space.OfAll, own)) ? space.OfAll : own;

        // Under way with another request, which it would be refused to; one that was accepted may be tried again, to see whether it is good once only.
        return space.OneTime.IsLikely && newest is { IsTaken: true, Acceptances: 0 } ? null : newest;
    }

    private static bool IsNewer(ReceivedNonce? one, ReceivedNonce? other) => one is not null && (other is null || one.RequestNumber > other.RequestNumber);

    private (NonceSpace Own, NonceSpace Other) Spaces(bool hasToken) => hasToken ? (_withToken, _withoutToken) : (_withoutToken, _withToken);
}
