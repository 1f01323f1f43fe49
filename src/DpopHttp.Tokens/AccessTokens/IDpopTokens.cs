namespace DpopHttp;

/// <summary>
/// The tokens of the container's clients without a request: for what does not go through an <see cref="HttpClient"/>, such as a WebSocket, the metadata of
/// gRPC, or a revocation. A singleton service of every container with <c>AddDpopClientCredentials</c>, <c>AddDpopRefreshToken</c> or <c>AddDpopToken</c>.
/// </summary>
public interface IDpopTokens
{
    /// <summary>
    /// The token that the client's next request would go out with: the one that is there, or a new one if it is at its end. Whoever sends it makes a proof
    /// with its key: see <see cref="DpopProof"/>.
    /// </summary>
    /// <param name="client">The client's name: for a typed client the name of its type.</param>
    /// <param name="cancellationToken">Ends the wait; a token request that is under way goes on for others.</param>
    /// <exception cref="ArgumentException">The client gets no tokens of its own.</exception>
    /// <exception cref="DpopException">There is no token; the exception says why.</exception>
    public ValueTask<DpopAccessToken> GetAsync(string client, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="GetAsync(string, CancellationToken)"/>, for something else than the client's options say.</summary>
    /// <param name="client">The client's name: for a typed client the name of its type.</param>
    /// <param name="parameters">What the token is for: see <see cref="DpopTokenRequestExtensions.SetDpopTokenParameters"/>. Null: what the options say.</param>
    /// <param name="cancellationToken">Ends the wait; a token request that is under way goes on for others.</param>
    /// <exception cref="ArgumentException">The client gets no tokens of its own, or a parameter is one that every token request sets by itself.</exception>
    /// <exception cref="DpopException">There is no token; the exception says why.</exception>
    public ValueTask<DpopAccessToken> GetAsync(string client, DpopTokenParameters? parameters, CancellationToken cancellationToken = default);
}
