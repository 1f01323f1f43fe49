using System.Net;
using System.Text;
using DpopHttp.Verification;

namespace DpopHttp.Testing;

/// <summary>
/// An API behind DPoP, in memory: the innermost handler of an <see cref="HttpClient"/>, for tests of code that calls such APIs. It
/// verifies proofs, demands nonces (<see href="https://www.rfc-editor.org/rfc/rfc9449#section-7">RFC 9449 sections 7 to 9</see>), plays
/// scripted faults and keeps what it received. Safe for use from many threads, and goes on working after a client has disposed it.
/// </summary>
/// <remarks>
/// It isn't an authorization server: a token is never verified. The key that it is bound to is the one of <see cref="AcceptToken"/>, or else
/// the <c>cnf.jkt</c> that a JWT itself names. Any other token is accepted with any key, unless <see cref="RequireBoundToken"/> is set.
/// A request that is refused has its body read, unless it says <c>Expect: 100-continue</c>.
/// </remarks>
public sealed class ProtectedResourceHandler : HttpMessageHandler
{
    private readonly ResourceState _state = new();

    /// <summary>
    /// Verifies the proofs. Its <see cref="DpopProofVerifier.TimeProvider"/> is the server's clock; its algorithms are named in challenges.
    /// </summary>
    public DpopProofVerifier Verifier { get; init; } = new();

    /// <summary>
    /// Whether an access token of the DPoP scheme is demanded. Default: true. When false, a proof alone will do, as at a token endpoint.
    /// </summary>
    public bool RequireToken { get; set; } = true;

    /// <summary>Whether a token is refused (<c>invalid_token</c>) when nothing says which key it is bound to. Default: false.</summary>
    public bool RequireBoundToken { get; set; }

    /// <summary>How nonces are dealt with. Default: <see cref="NonceMode.Steady"/>.</summary>
    public NonceMode Nonces { get; set; } = NonceMode.Steady;

    /// <summary>What refusals look like. Default: <see cref="ChallengeForm.Unauthorized"/>.</summary>
    public ChallengeForm Form { get; set; } = ChallengeForm.Unauthorized;

    /// <summary>
    /// How far the server's clock is ahead of the verifier's <see cref="DpopProofVerifier.TimeProvider"/>. Proofs are judged by it and the
    /// Date header of every response shows it. Default: zero.
    /// </summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>
    /// Answers the requests that pass all checks. Default: 200 with a small JSON object. It gets a copy of the request with the body that
    /// arrived; the copy is disposed when it is done. A <c>DPoP-Nonce</c> that it sets itself is left as it is. A synchronous send waits
    /// for it.
    /// </summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> Respond { get; set; } = (_, _) => Task.FromResult(
        new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("""{"ok":true}""", Encoding.UTF8, "application/json") });

    /// <summary>The nonce that was handed out last; null when <see cref="Nonces"/> is <see cref="NonceMode.None"/>.</summary>
    public string? CurrentNonce => Nonces == NonceMode.None ? null : _state.Nonces.Current;

    /// <summary>The requests so far, in the order of their arrival: a copy that grows no further.</summary>
    public IReadOnlyList<ReceivedRequest> Requests => _state.Log.Snapshot();

    /// <summary>Makes a new nonce the current one; those handed out before are no longer accepted.</summary>
    public void RotateNonce() => _state.Nonces.Rotate();

    /// <summary>Binds a token to a key, whatever the token itself says, and undoes <see cref="RefuseToken"/>.</summary>
    /// <param name="token">The access token.</param>
    /// <param name="thumbprint">The thumbprint of the key (RFC 7638, SHA-256, base64url).</param>
    /// <exception cref="ArgumentException">An argument is null or empty.</exception>
    public void AcceptToken(string token, string thumbprint)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        ArgumentException.ThrowIfNullOrEmpty(thumbprint);
        _state.Tokens.Accept(token, thumbprint);
    }

    /// <summary>From now on the token is refused with <c>invalid_token</c> (RFC 6750 section 3.1), as when it has expired.</summary>
    /// <param name="token">The access token.</param>
    /// <exception cref="ArgumentException"><paramref name="token"/> is null or empty.</exception>
    public void RefuseToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        _state.Tokens.Refuse(token);
    }

    /// <summary>Lets something go wrong once. Each request takes one fault from the queue, first in first out.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <exception cref="ArgumentNullException"><paramref name="fault"/> is null.</exception>
    public void Enqueue(ProtectedResourceFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        _state.Faults.Enqueue(fault);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The request has no absolute URI.</exception>
    /// <exception cref="HttpRequestException">A fault drops the connection.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new RequestProcessing(this, _state, request, isAsync: false, cancellationToken).RunAsync().GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The request has no absolute URI.</exception>
    /// <exception cref="HttpRequestException">A fault drops the connection.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new RequestProcessing(this, _state, request, isAsync: true, cancellationToken).RunAsync();
    }
}
