using System.Diagnostics;
using System.Text.Json.Serialization;
using DpopHttp.Keys;

namespace DpopHttp;

/// <summary>
/// A key kept on disk: made at first use, and the same from then on, for every process that opens the file.
/// </summary>
/// <remarks>
/// <para>Only its owner may read the file: on Linux and macOS it has mode 0600 from its first byte. A file that others may read is refused, and so
/// is one that belongs to somebody else than this process's user or root, or that lies in a directory in which others may exchange files.
/// A secret that a container platform mounts, which root owns and a group of this process may read, is accepted.</para>
/// <para>The file is replaced as a whole or not at all. A file that cannot be read or understood is an error and stays as it is; only a file
/// that is not there, in a directory that is, is made anew. Waiting for another process that makes or rotates the key ends after 30 seconds
/// with an error.</para>
/// <para>The file holds a private JWK (RFC 7517), or a key in PEM, or, with <see cref="Protection"/>, an encrypted one.
/// A lock file lies beside it.</para>
/// </remarks>
[DebuggerDisplay("{Path,nq}")]
public sealed class DpopKeyFile
{
    private readonly KeyStorage _storage;

    /// <summary>Names the file. Nothing is read or written yet.</summary>
    /// <param name="path">The file's path; its directory must exist. A symbolic link is followed to a file that is there.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public DpopKeyFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Path = System.IO.Path.GetFullPath(path);
        _storage = new KeyStorage(this);
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>
    /// The algorithm of a new key, and the one that the file's key must have. Null (the default): ES256 for a new key, and any for one that is
    /// there. Needed for an RSA key in a PEM that was put there by hand.
    /// </summary>
    /// <exception cref="ArgumentException">It is none of the nine algorithms.</exception>
    public string? Algorithm
    {
        get;
        init => field = value is null ? null : SigningAlgorithm.Require(value, nameof(value)).Name;
    }

    /// <summary>
    /// Encrypts the file: see <see cref="DpopKeyProtection.FromPassphrase"/> and <see cref="DpopKeyProtection(Func{byte[], byte[]}, Func{byte[], byte[]})"/>.
    /// Null (the default): it is not encrypted.
    /// </summary>
    [JsonIgnore]
    public DpopKeyProtection? Protection { get; init; }

    /// <summary>Opens the key, and makes it if the file is not there. Processes that do so at the same time end with one key.</summary>
    /// <returns>The key, which the caller disposes.</returns>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the file is damaged, may be read by others, or cannot be read or made. It was not changed.</exception>
    public DpopKey Open() => _storage.OpenOrMake(out _);

    /// <summary>The same, and says whether the key was made.</summary>
    internal DpopKey OpenOrMake(out bool isNew) => _storage.OpenOrMake(out isNew);

    /// <summary>As <see cref="Open"/>, without keeping the caller's thread while the disk is read or another process makes the key.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key, which the caller disposes.</returns>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: as for <see cref="Open"/>.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Task<DpopKey> OpenAsync(CancellationToken cancellationToken = default) => _storage.OpenAsync(cancellationToken);

    /// <summary>
    /// Puts a new key into the file. The old one is kept beside it, for what is still bound to it, until <see cref="Forget"/>.
    /// </summary>
    /// <returns>The new key, which the caller disposes.</returns>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the file is damaged or cannot be written. It was not changed.</exception>
    public DpopKey Rotate() => _storage.Rotate();

    /// <summary>The file's key, or one that was rotated out of it.</summary>
    /// <param name="thumbprint">As <see cref="DpopKey.Thumbprint"/>, for example from a token's <c>cnf.jkt</c>.</param>
    /// <returns>The key, which the caller disposes; null if it is not here.</returns>
    /// <exception cref="ArgumentException">This isn't a thumbprint.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key is here and cannot be opened.</exception>
    public DpopKey? Find(string thumbprint) => _storage.Find(thumbprint);

    /// <summary>Deletes a key that was rotated out of the file. Tokens bound to it are of no use from then on.</summary>
    /// <param name="thumbprint">As <see cref="DpopKey.Thumbprint"/>.</param>
    /// <returns>Whether it was there. The file's own key is not deleted.</returns>
    /// <exception cref="ArgumentException">This isn't a thumbprint.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: it cannot be deleted.</exception>
    public bool Forget(string thumbprint) => _storage.Forget(thumbprint);

    /// <summary>The path.</summary>
    public override string ToString() => Path;
}
