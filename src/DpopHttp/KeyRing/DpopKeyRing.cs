using DpopHttp.KeyRing;
using DpopHttp.Shared;

namespace DpopHttp;

/// <summary>
/// The keys of the container's clients: which key a client signs with now, which keys it signed with before, and how to get a new one while
/// requests are under way. A singleton service. Keys that were made or opened here are disposed with the container.
/// </summary>
/// <remarks>
/// After a change, new requests sign with the new key, and requests under way end with the old key. A token that
/// says that it is bound to another key isn't sent (<see cref="DpopErrorCodes.KeyMismatch"/>). All members are safe for use by any number
/// of threads at once.
/// </remarks>
public sealed class DpopKeyRing
{
    private readonly KeyHolders _holders;
    private readonly KeySources _sources;

    internal DpopKeyRing(KeyHolders holders, KeySources sources)
    {
        _holders = holders;
        _sources = sources;
    }

    /// <summary>The key that a client signs with, opened or made if it isn't yet.</summary>
    /// <param name="client">The name that AddHttpClient was called with; for a typed client the name of the first type argument.</param>
    /// <exception cref="InvalidOperationException">No client of that name uses DPoP.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The client's options have faults, or name a key that isn't defined.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key can't be opened or made.</exception>
    public DpopKey Get(string client) => _holders.RequireClient(client).Source.Current;

    /// <summary>As <see cref="Get"/>. A key that isn't open yet is opened on a thread of the pool, once for all who wait.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="cancellationToken">Ends the wait; the key is opened all the same.</param>
    /// <exception cref="InvalidOperationException">No client of that name uses DPoP.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The client's options have faults, or name a key that isn't defined.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key can't be opened or made.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public ValueTask<DpopKey> GetAsync(string client, CancellationToken cancellationToken = default) =>
        _holders.RequireClient(client).Source.GetCurrentAsync(cancellationToken);

    /// <summary>
    /// A key by its thumbprint: the client's, or one that it or another client signed with before. Keys that were rotated out of a
    /// <see cref="DpopOptions.KeyFile"/> are found until <see cref="DpopKeyFile.Forget"/>, others for as long as anything in the process holds them.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <param name="thumbprint">As <see cref="DpopKey.Thumbprint"/>, for example the one that a refresh token is bound to.</param>
    /// <returns>The key, which the caller doesn't dispose; null if it isn't known.</returns>
    /// <exception cref="ArgumentException">This isn't a thumbprint.</exception>
    /// <exception cref="InvalidOperationException">No client of that name uses DPoP.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key isn't where it can be looked for, and a file can't be read.</exception>
    public DpopKey? Find(string client, string thumbprint)
    {
        JwkThumbprint.Require(thumbprint, nameof(thumbprint));
        DpopKey current = Get(client);
        return current.Thumbprint == thumbprint ? current : _sources.Find(thumbprint);
    }

    /// <summary>
    /// Makes a new key for a client, and for those that share its key: in its <see cref="DpopOptions.KeyFile"/>, where the old one is kept
    /// too, or else in this process.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <returns>The new key, which the caller doesn't dispose.</returns>
    /// <exception cref="InvalidOperationException">
    /// The client's key was given by <see cref="DpopOptions.Key"/> or <see cref="DpopKeyOptions.Key"/>: see <see cref="Replace"/>. Or no client of that name
    /// uses DPoP.
    /// </exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the new key can't be kept. The old one stays in use.</exception>
    public DpopKey Rotate(string client) => _holders.Rotate(_holders.RequireClient(client).Owner);

    /// <summary>
    /// Gives a client, and those that share its key, another key in place of the one from <see cref="DpopOptions.Key"/> or
    /// <see cref="DpopKeyOptions.Key"/>, until a change of the options gives another instance there.
    /// </summary>
    /// <param name="client">The client's name.</param>
    /// <param name="key">The new key. It isn't disposed with the container, and the old one must outlive the requests under way.</param>
    /// <exception cref="InvalidOperationException">
    /// The client's key wasn't given by the options: see <see cref="Rotate"/>. Or no client of that name uses DPoP.
    /// </exception>
    public void Replace(string client, DpopKey key)
    {
        Client found = _holders.RequireClient(client);
        ArgumentNullException.ThrowIfNull(key);
        _holders.Replace(found.Owner, key);
    }
}
