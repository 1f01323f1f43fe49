namespace DpopHttp;

/// <summary>What a token is wanted for: see <see cref="DpopTokenSourceOptions.GetToken"/>.</summary>
public sealed class DpopTokenContext
{
    internal DpopTokenContext(string client, DpopKey key, DpopTokenParameters parameters) => (Client, Key, Parameters) = (client, key, parameters);

    /// <summary>The client's name.</summary>
    public string Client { get; }

    /// <summary>
    /// The key that the token must be bound to: sign the token request with it, by <see cref="DpopHttpRequestMessageExtensions.SetDpopKey"/> or <see cref="DpopProof"/>. It is not the
    /// source's to dispose.
    /// </summary>
    public DpopKey Key { get; }

    /// <summary>What the request wants of its token, such as whose it is: see <see cref="DpopTokenRequestExtensions.SetDpopTokenParameters"/>. Empty where it said nothing.</summary>
    public DpopTokenParameters Parameters { get; }
}
