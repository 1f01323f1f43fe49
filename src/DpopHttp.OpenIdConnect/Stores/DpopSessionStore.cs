namespace DpopHttp.OpenIdConnect;

/// <summary>
/// Keeps the users' sessions, each of which has the user's tokens in it. Derive from it to keep them in a database. What it gets is encrypted by Data
/// Protection and bound to the session; it need not understand it. All members may be called by any number of threads at once.
/// </summary>
public abstract class DpopSessionStore
{
    /// <summary>Reads a session. A store with an expiry of its own may prolong it with each read.</summary>
    /// <param name="session">The session's identifier: 22 characters of base64url.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>The content as it was saved, or null if there is none.</returns>
    public abstract ValueTask<byte[]?> LoadAsync(string session, CancellationToken cancellationToken);

    /// <summary>Saves a session, in place of what was there. When the task has ended, every instance must read the new content.</summary>
    /// <param name="session">The session's identifier.</param>
    /// <param name="content">The content.</param>
    /// <param name="lifetime">How long the session is good when nobody uses it.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    public abstract ValueTask SaveAsync(string session, byte[] content, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Removes a session. It isn't an error if there is none.</summary>
    /// <param name="session">The session's identifier.</param>
    /// <param name="cancellationToken">Ends the removal.</param>
    public abstract ValueTask RemoveAsync(string session, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a lock that all instances share, so that one of them renews the session's tokens at a time. Within one process the library needs none. A refresh
    /// token that two instances use at once is often taken for a stolen one, and the user is signed out (RFC 9700 section 4.14). It is held for 75 seconds at most: a
    /// lock that expires by itself has to last longer.
    /// </summary>
    /// <param name="session">The session's identifier.</param>
    /// <param name="cancellationToken">Ends the wait for the lock, after 30 seconds at most.</param>
    /// <returns>Gives the lock back when it is disposed. Null (the default): the store has no lock, which is logged once as a warning.</returns>
    public virtual ValueTask<IAsyncDisposable?> LockAsync(string session, CancellationToken cancellationToken) => default;
}
