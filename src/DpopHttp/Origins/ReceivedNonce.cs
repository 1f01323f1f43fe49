namespace DpopHttp.Origins;

/// <summary>A nonce that an origin gave.</summary>
/// <param name="value">The nonce.</param>
/// <param name="thumbprint">The key that the answered request was signed with.</param>
/// <param name="requestNumber">The number of that request.</param>
internal sealed class ReceivedNonce(string value, string thumbprint, long requestNumber)
{
    private long _requestNumber = requestNumber;

    public string Value => value;

    public string Thumbprint => thumbprint;

    /// <summary>The number of the latest request that it came for.</summary>
    public long RequestNumber => Volatile.Read(ref _requestNumber);

    /// <summary>Notes that it came for another request too.</summary>
    public void Confirm(long requestNumber)
    {
        for (long known = RequestNumber; known < requestNumber;)
        {
            long found = Interlocked.CompareExchange(ref _requestNumber, requestNumber, known);
            if (found == known)
            {
                return;
            }

            known = found;
        }
    }
}
