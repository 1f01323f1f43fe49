namespace DpopHttp.Verification;

/// <summary>
/// A replay store could not say whether a proof was used before, because it is full, down or too slow. The message names the store and the
/// cause.
/// </summary>
public sealed class DpopReplayStoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    public DpopReplayStoreException()
        : base("The replay store could not say whether the proof was used before.")
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What was found, and what to do.</param>
    public DpopReplayStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">What was found, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public DpopReplayStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
