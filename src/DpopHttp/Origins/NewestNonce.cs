namespace DpopHttp.Origins;

/// <summary>Holds the nonce of the latest request: a late answer to an older request does not replace a newer nonce.</summary>
internal sealed class NewestNonce
{
    private ReceivedNonce? _value;

    public ReceivedNonce? Value => Volatile.Read(ref _value);

    public void Offer(ReceivedNonce received)
    {
        for (ReceivedNonce? known = Value; known is null || known.RequestNumber <= received.RequestNumber;)
        {
            ReceivedNonce? found = Interlocked.CompareExchange(ref _value, received, known);
            if (ReferenceEquals(found, known))
            {
                return;
            }

            known = found;
        }
    }
}
