using DpopHttp.NonceStores;

namespace DpopHttp;

/// <summary>
/// Keeps the newest nonces of servers (RFC 9449 sections 8 and 9) beyond the process, for programs that start often: without it, each start costs one challenge for
/// each server that demands nonces. See <see cref="DpopOptions.NonceStore"/>.
/// </summary>
/// <remarks>
/// Nonces aren't secret, and no request depends on the store. An entry can be dropped, lost, or overwritten at any time; a nonce that the server no longer accepts costs
/// one challenge, the same as none. Nonces belong to the server and not to the key, so clients, keys, and processes can share a store. The client logs what the store
/// throws, so don't put a nonce into an exception's text. It stops waiting for the store after one second, and a request neither fails nor waits longer because of it. After a
/// failure, the client doesn't use the store for 30 seconds. Several threads of the pool can call it at the same time.
/// </remarks>
public abstract class DpopNonceStore
{
    internal StoreRest Rest { get; } = new();

    /// <summary>
    /// Keeps nonces in a file that several processes can share. The file is replaced as a whole or not at all, and one process writes at a time. It holds the 100 nonces that
    /// were saved last, up to 64 KB. Its mode is 600, and it's refused if others can read or exchange it, as key files are. A file that contains anything other than nonces is an
    /// error and isn't changed; an empty file has no nonces.
    /// </summary>
    /// <param name="path">The file's path. The directory must exist. The file is created when the first nonce is saved.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static DpopNonceStore InFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FileNonceStore(Path.GetFullPath(path));
    }

    /// <summary>
    /// The nonce that was saved last under a name, or null if there is none. Called before the first request that a process sends under a name, and rarely more than once. Text that isn't a nonce
    /// (RFC 9449 section 8.1), or has more than 2,048 characters, isn't used.
    /// </summary>
    /// <param name="name">
    /// What the nonce is for, to be compared as it is: the origin with its port, the Host field where a request overrides it, and <c>token</c> for requests with an
    /// access token, which may have nonces of their own: <c>https://api.example.com:443 token</c>. It has no secret. Printable ASCII, rarely more than 100 characters,
    /// and as long as the host name can be.
    /// </param>
    /// <param name="cancellationToken">Ends the reading, after a second.</param>
    public abstract ValueTask<string?> LoadAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps a nonce in place of the one before. Called when a server has given another nonce, once a second at most for each name: a nonce that comes sooner is saved
    /// with a later request. To keep it longer than the server takes it is of no use: an hour is long for a nonce.
    /// </summary>
    /// <param name="name">What the nonce is for, see <see cref="LoadAsync"/>.</param>
    /// <param name="nonce">The nonce: visible ASCII, at most 2,048 characters.</param>
    /// <param name="cancellationToken">Ends the writing, after a second. While a call doesn't end, none with the same name follows it.</param>
    public abstract ValueTask SaveAsync(string name, string nonce, CancellationToken cancellationToken = default);
}
