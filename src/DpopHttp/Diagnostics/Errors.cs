namespace DpopHttp;

/// <summary>Every <see cref="DpopException"/> of the library: what was found, which rule, what to do.</summary>
internal static class Errors
{
    public static DpopException KeyDisposed(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key {key} was disposed. A key must outlive the clients that sign with it. Dispose it after them.",
        cause);

    public static DpopException KeyCannotSign(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key {key} failed to sign. No request goes out without a proof. See the inner exception.",
        cause);

    public static DpopException KeyConflict(string conflict) => new(
        DpopErrorCodes.KeyUnavailable,
        conflict);

    public static DpopException SignerIsAsynchronous(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The signer of the key {key} has no synchronous {nameof(DpopSigner.Sign)}. A synchronous call cannot wait for it. "
        + $"Use SendAsync or {nameof(DpopProof)}.{nameof(DpopProof.CreateAsync)}, or override {nameof(DpopSigner.Sign)} in the signer.",
        cause);

    public static DpopException SignatureMalformed(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The signer of the key {key} returned no good signature. {cause.Message}",
        cause);

    public static DpopException KeyNotExportable(DpopKey key, Exception cause) => new(
        DpopErrorCodes.KeyNotExportable,
        $"The private part of the key {key} cannot be exported: it is behind a signer, or its store keeps it. "
        + "Only a key whose private part is in this process can be written out. Use the key where it is.",
        cause);

    public static DpopException KeyFileMalformed(DpopKeyFile file, string reason) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key file {file.Path} cannot be used. {reason} It is left as it is, because tokens may be bound to its key. "
        + "Restore it, or move it away to have a new key made.");

    public static DpopException KeyFileUnavailable(DpopKeyFile file, Exception cause) => new(
        DpopErrorCodes.KeyUnavailable,
        $"The key file {file.Path} cannot be read or written: {cause.Message} A key that cannot be read is not a missing one, so none is made "
        + "in its place. Make the directory and the file accessible to this process.",
        cause);
}
