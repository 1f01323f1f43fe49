namespace DpopHttp;

/// <summary>What a client goes by, from one reading of its options. It is replaced as a whole when the options change.</summary>
internal sealed class ClientSettings(DpopOptions options, Func<DpopKey> key, Func<CancellationToken, ValueTask<DpopKey>> keyAsync)
{
    /// <summary>Valid options, which don't change any more.</summary>
    public DpopOptions Options => options;

    /// <summary>The key to sign with now.</summary>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key can't be opened or made.</exception>
    public DpopKey Key => key();

    /// <summary>Opens the key if it isn't open yet. A file that takes long holds no thread of the caller's.</summary>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key can't be opened or made.</exception>
    public ValueTask OpenKeyAsync(CancellationToken cancellationToken)
    {
        ValueTask<DpopKey> key = keyAsync(cancellationToken);
        return key.IsCompletedSuccessfully ? default : new ValueTask(key.AsTask());
    }
}
