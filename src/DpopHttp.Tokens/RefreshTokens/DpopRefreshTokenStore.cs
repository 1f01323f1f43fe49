using DpopHttp.Tokens.RefreshTokens;

namespace DpopHttp;

/// <summary>
/// Keeps one refresh token. A server that rotates refresh tokens (RFC 9700 section 4.14.2) takes each once, so the last one must not be lost: it
/// is saved before anything is done with the access token that came along.
/// </summary>
public abstract class DpopRefreshTokenStore
{
    /// <summary>A store that lasts as long as the process.</summary>
    /// <param name="token">The first token, or null if it is saved later.</param>
    public static DpopRefreshTokenStore InMemory(DpopRefreshToken? token = null) => new MemoryStore(token);

    /// <summary>
    /// A store in a file, which only its owner may read, which is replaced as a whole or not at all, and which several processes can use: one at a
    /// time renews, and the others wait for it up to 30 seconds. A file that is damaged is an error and stays as it is; so is one that others may read
    /// or exchange, or that belongs to somebody else than this process's user or root.
    /// </summary>
    /// <param name="path">The file's path; its directory must exist. There is no file until a token is saved.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static DpopRefreshTokenStore InFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return new FileStore(Path.GetFullPath(path));
    }

    /// <summary>The token, or null if there is none. What the store throws reaches the caller as <see cref="DpopTokenErrorCodes.RefreshTokenStoreFailed"/>.</summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    public abstract ValueTask<DpopRefreshToken?> LoadAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps a token in place of the one before; it must be safe when this returns. If it throws, the token is held in memory and saved with the
    /// next use.
    /// </summary>
    /// <param name="token">The token.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public abstract ValueTask SaveAsync(DpopRefreshToken token, CancellationToken cancellationToken = default);

    /// <summary>
    /// Taken before the token is loaded and released after the next one is saved, so that no two use one token. Take it to save the token of a new
    /// sign-in, so that a renewal under way does not save its own over it. By default there is no lock: right for a store that one client uses.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public virtual ValueTask<IAsyncDisposable?> LockAsync(CancellationToken cancellationToken = default) => default;
}
