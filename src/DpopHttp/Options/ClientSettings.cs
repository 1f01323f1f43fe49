namespace DpopHttp;

/// <summary>What a client goes by, from one reading of its options. It is replaced as a whole when the options change.</summary>
internal sealed class ClientSettings(DpopOptions options, Func<DpopKey> key)
{
    /// <summary>Valid options, which don't change any more.</summary>
    public DpopOptions Options => options;

    /// <summary>The key to sign with now.</summary>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key can't be opened or made.</exception>
    public DpopKey Key => key();
}
