namespace DpopHttp.Keys;

/// <summary>Every <see cref="DpopException"/> about keys and key files: what was found, which rule applies, what to do.</summary>
internal static class KeyErrors
{
    /// <summary>EROFS, on Linux and macOS.</summary>
    private const int ReadOnlyFileSystem = 30;

    public static DpopException Disposed(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key {key} was disposed. A key must outlive the clients that sign with it. Dispose it after them.",
        cause);

    public static DpopException CannotSign(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key {key} failed to sign. No request goes out without a proof. See the inner exception.",
        cause);

    public static DpopException SignerIsAsynchronous(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The signer of the key {key} has no synchronous {nameof(DpopSigner.Sign)}. A synchronous call cannot wait for it. "
        + $"Use SendAsync or DpopProof.CreateAsync, or override {nameof(DpopSigner.Sign)} in the signer.",
        cause);

    public static DpopException SignatureMalformed(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The signer of the key {key} returned no good signature. {cause.Message}",
        cause);

    public static DpopException NotExportable(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyNotExportable,
        $"The private part of the key {key} cannot be exported: it is behind a signer, or its store keeps it. "
        + "Only a key whose private part is in this process can be written out. Use the key where it is.",
        cause);

    public static DpopException FileMalformed(string path, string reason) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key file {path} cannot be used. {reason} It is left as it is, because tokens may be bound to its key. "
        + "Restore it, or move it away to have a new key made.");

    /// <summary>The file may be in order, but isn't what the settings say.</summary>
    public static DpopException FileUnexpected(string path, string reason) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key file {path} cannot be used with these settings. {reason} It is left as it is, because tokens may be bound to its key.");

    public static DpopException FileNeedsAlgorithm(string path) => FileUnexpected(
        path,
        "It holds an RSA key in PEM, which fits six algorithms and doesn't say which. Set the client's KeyAlgorithm to the one to use, such as PS256 "
        + "(DpopKeyFile.Algorithm without a client).");

    public static DpopException FileRefused(string path, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key file {path} is refused. {cause.Message}",
        cause);

    public static DpopException FileUnavailable(string path, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key file {path} cannot be read or written: {cause.Message} No other key is used instead. {Advice(cause)}",
        cause);

    private static string Advice(Exception cause) => cause switch
    {
        DirectoryNotFoundException => "Create the directory, for this process's user only (mode 700), or correct the path.",
        TimeoutException => "The file is as it was.",
        IOException { HResult: ReadOnlyFileSystem } => "The disk is read-only: put the key file there beforehand, or use a directory that can be written.",
        _ => "Make the directory and the file accessible to this process.",
    };
}
