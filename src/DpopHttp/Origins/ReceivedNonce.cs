namespace DpopHttp.Origins;

/// <summary>A nonce that an origin gave.</summary>
/// <param name="value">The nonce.</param>
/// <param name="thumbprint">The key that the answered request was signed with; empty for a nonce from a store.</param>
/// <param name="requestNumber">The number of that request.</param>
internal sealed class ReceivedNonce(string value, string thumbprint, long requestNumber)
{
    private long _requestNumber = requestNumber;
    private int _acceptances;
    private int _taken;

    public string Value => value;

    /// <summary>One that another process was given, to whatever key: older than all that this one gets.</summary>
    public static ReceivedNonce FromStore(string value) => new(value, thumbprint: "", requestNumber: 0);

    public bool IsFromStore => thumbprint.Length == 0;

    public string Thumbprint => thumbprint;

    /// <summary>The number of the latest request that it came for.</summary>
    public long RequestNumber => Volatile.Read(ref _requestNumber);

    /// <summary>Whether a request has it for itself, where each nonce is good once.</summary>
    public bool IsTaken => Volatile.Read(ref _taken) != 0;

    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>How many requests with it were not refused.</summary>
    public int Acceptances => Volatile.Read(ref _acceptances);

    /// <summary>Counts one more, up to two, and gives the count.</summary>
    public int CountAcceptance() => Acceptances >= 2 ? 3 : Interlocked.Increment(ref _acceptances);

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
