using DpopHttp.Collections;

namespace DpopHttp.Origins;

/// <summary>The nonces that an origin gave to requests of one kind: the newest of all, and the newest of each key.</summary>
internal sealed class NonceSpace
{
    /// <summary>A key that is forgotten here tries the newest nonce of all, as a new key does.</summary>
    private const int KeyCapacity = 10_000;

    private readonly BoundedCache<string, NewestNonce> _ofKeys = new(KeyCapacity);
    private readonly NewestNonce _ofAll = new();

    public OneTimeNonces OneTime { get; } = new();

    public ReceivedNonce? OfAll => _ofAll.Value;

    public ReceivedNonce? OfKey(string thumbprint) => _ofKeys.TryGet(thumbprint, out NewestNonce? nonce) ? nonce.Value : null;

    public void Learn(ReceivedNonce received)
    {
        if (OneTime.IsLikely && !received.IsTaken)
        {
            OneTime.Keep(received);
        }

        _ofAll.Offer(received);
        _ofKeys.GetOrAdd(received.Thumbprint, static (_, _) => new NewestNonce(), 0).Offer(received);
    }

    /// <summary>Keeps what a store had, unless a nonce was learnt meanwhile.</summary>
    public void TakeStored(string nonce) => _ofAll.Offer(ReceivedNonce.FromStore(nonce));

    /// <summary>If the nonce that came is the one that is known, there is nothing to keep: it is noted that it is still in use.</summary>
    public bool TryConfirm(string nonce, string thumbprint, long requestNumber)
    {
        if (OfAll is not { } all || all.Value != nonce || OfKey(thumbprint) is not { } own || own.Value != nonce)
        {
            return false;
        }

        all.Confirm(requestNumber);
        own.Confirm(requestNumber);
        return true;
    }
}
