using DpopHttp.NonceStores;

namespace DpopHttp;

/// <summary>
/// Keeps the newest nonces of servers (RFC 9449 sections 8 and 9) beyond the process, for programs that start often: without it, each start costs one challenge for
/// each server that demands nonces. See <see cref="DpopOptions.NonceStore"/>.
/// </summary>
/// <remarks>
/// A nonce is no secret, and nothing depends on the store: an entry may be dropped, lost or overwritten at any time, and one that the server doesn't take any
/// more costs the same one challenge as none. Nonces are the server's and not the key's, so that clients, keys and processes may share a store. What a store throws is
/// logged (so it shouldn't quote a nonce), what takes longer than a second is left behind, and a request neither fails by it nor waits longer for one loading or saving. After a
/// failure the store isn't asked for 30 seconds. It is called by several threads at once, on threads of the pool.
/// </remarks>
public abstract class DpopNonceStore
{
    internal StoreRest Rest { get; } = new();

    /// <summary>
    /// A store in a file, which is replaced as a whole or not at all, and which several processes can use: one at a time writes. It has the 100 nonces that were
    /// saved last, within 64 KB. The file has mode 600, and is refused where others may read or exchange it, as key files are. One that has anything else than nonces is
    /// an error and stays as it is; an empty one has no nonces.
    /// </summary>
    /// <param name="path">The file's path; its directory must exist. There is no file until a nonce is saved.</param>
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
