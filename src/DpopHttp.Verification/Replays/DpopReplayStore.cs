namespace DpopHttp.Verification;

/// <summary>
/// Remembers which proofs were used, so that each is accepted once
/// (<see href="https://www.rfc-editor.org/rfc/rfc9449#section-11.1">RFC 9449 section 11.1</see>). Instances of an API that share the load
/// must share a store. An implementation must add in one step what isn't there yet: one that looks first and writes later lets a proof
/// through twice. It must be safe for use from many threads.
/// </summary>
public abstract class DpopReplayStore
{
    /// <summary>Remembers a proof, unless it is remembered already.</summary>
    /// <param name="key">What the proof is remembered by.</param>
    /// <param name="until">Until when it must be remembered; afterwards the proof is refused for its age.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>True when the proof is used for the first time; false when it was used before.</returns>
    /// <exception cref="DpopReplayStoreException">
    /// The store could not tell. The proof must then be refused: nobody knows whether it was used before.
    /// </exception>
    public abstract ValueTask<bool> TryAddAsync(DpopReplayKey key, DateTimeOffset until, CancellationToken cancellationToken);
}
