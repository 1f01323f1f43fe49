using System.Diagnostics;
using DpopHttp.OpenIdConnect.Sessions;

namespace DpopHttp.OpenIdConnect;

/// <summary>
/// The session of a user who signed in, for work that goes on without the HTTP request in which it began: jobs, hubs, Blazor circuits. It is a handle: the
/// tokens are in the session store, and are as new as those that the user's requests get. All members are safe for use by any number of threads at once.
/// </summary>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DpopSession
{
    private static readonly AsyncLocal<DpopSession?> InUse = new();

    internal DpopSession(string scheme, string id, SessionKeeper keeper) => (Scheme, Id, Keeper) = (scheme, id, keeper);

    /// <summary>
    /// The session's identifier, with which <see cref="DpopSessions.Get"/> finds it again, in another process as well. It is a secret: whoever can call that
    /// method with it acts as the user.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string Id { get; }

    /// <summary>The OpenID Connect scheme that the user signed in with.</summary>
    public string Scheme { get; }

    internal static DpopSession? Current => InUse.Value;

    internal SessionKeeper Keeper { get; }

    /// <summary>The user's token, renewed if it is at its end, for what doesn't go through an <see cref="HttpClient"/>, such as a WebSocket.</summary>
    /// <param name="cancellationToken">Ends the wait; a renewal that is under way goes on for others.</param>
    /// <returns>The token. Whoever sends it makes a proof with its key: see <see cref="DpopProof"/>.</returns>
    /// <exception cref="DpopSignInRequiredException">There is none until the user signs in again.</exception>
    /// <exception cref="DpopTokenException">There is none at this time; the exception says why.</exception>
    public async ValueTask<DpopUserToken> GetTokenAsync(CancellationToken cancellationToken = default)
    {
        LiveSession session = await Keeper.GetAsync(Id, cancellationToken).ConfigureAwait(false);
        return new DpopUserToken(session.Record.AccessToken, session.Key, session.Record.ExpiresAt);
    }

    /// <summary>
    /// Gives the requests of clients with <c>AddDpopUserToken</c> this user's token, in this method and what it calls, until the returned object is disposed.
    /// It comes before the user of a current HTTP request.
    /// </summary>
    /// <returns>Ends the use.</returns>
    public IDisposable Use()
    {
        DpopSession? before = InUse.Value;
        InUse.Value = this;
        return new Usage(before);
    }

    /// <summary>Ends the session as sign-out does: it is removed from the store, and its refresh token is revoked (RFC 7009).</summary>
    public Task EndAsync() => Keeper.EndAsync(Id);

    /// <summary>The scheme, and not the identifier.</summary>
    public override string ToString() => $"session of the scheme '{Scheme}'";

    private sealed class Usage(DpopSession? before) : IDisposable
    {
        public void Dispose() => InUse.Value = before;
    }
}
