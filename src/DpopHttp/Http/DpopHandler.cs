using DpopHttp.Http;
using DpopHttp.Http.Redirects;
using DpopHttp.Http.Tokens;
using DpopHttp.Proofs;

namespace DpopHttp;

/// <summary>
/// Puts a fresh proof on every request that passes (RFC 9449), learns the server's nonces and answers its nonce challenges by
/// sending the request once more.
/// </summary>
/// <remarks>
/// It belongs innermost, next to the primary handler, so that whatever sends a request again outside of it gets a fresh proof each
/// time; <c>AddDpop()</c> sees to that. The access token is read from the request's Authorization header. The caller's request
/// is left as it was, without a DPoP header.
/// </remarks>
public class DpopHandler : DelegatingHandler
{
    private readonly Func<DpopKey> _key;
    private readonly RequestGuard _guard;
    private readonly RequestTokenReader _tokens;
    private readonly ProofFactory _proofs;
    private readonly Telemetry _telemetry;
    private readonly Lazy<RedirectPolicy> _redirects;

    /// <summary>Creates a handler with default options. Set <see cref="DelegatingHandler.InnerHandler"/> to the primary handler.</summary>
    /// <param name="key">Signs the proofs. It is not disposed with the handler.</param>
    public DpopHandler(DpopKey key)
        : this(key, new DpopOptions())
    {
    }

    /// <summary>Creates a handler. Set <see cref="DelegatingHandler.InnerHandler"/> to the primary handler.</summary>
    /// <param name="key">Signs the proofs. It is not disposed with the handler.</param>
    /// <param name="options">Read now: later changes have no effect.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all faults.</exception>
    public DpopHandler(DpopKey key, DpopOptions options)
        : this(KeyOf(key, options), DpopOptionsValidator.Checked(options), Telemetry.Default)
    {
    }

    internal DpopHandler(Func<DpopKey> key, DpopOptions options, Telemetry telemetry)
    {
        _key = key;
        _guard = new RequestGuard(options);
        _tokens = new RequestTokenReader(options.BearerTokens);
        _proofs = new ProofFactory(options);
        _telemetry = telemetry;
        _redirects = new Lazy<RedirectPolicy>(() => PrimaryHandler.TakeOver(InnerHandler));
    }

    /// <inheritdoc />
    /// <exception cref="DpopException">DPoP could not be applied; nothing was sent.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendCoreAsync(request, async: true, cancellationToken).AsTask();

    /// <inheritdoc />
    /// <exception cref="DpopException">DPoP could not be applied; nothing was sent.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendCoreAsync(request, async: false, cancellationToken).Completed();

    private async ValueTask<HttpResponseMessage> SendCoreAsync(HttpRequestMessage request, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            _ = _redirects.Value;
            _guard.Check(request.RequestUri);
            DpopKey key = _key();
            RequestToken token = _tokens.Read(request.Headers, key);
            using Outgoing outgoing = new(request, token);
            Exchange exchange = new(outgoing, key, _proofs, _telemetry, SendInnerAsync);
            return await exchange.RunAsync(async, cancellationToken).ConfigureAwait(false);
        }
        catch (DpopException exception)
        {
            _telemetry.NotSent(request, exception);
            throw;
        }
    }

    private ValueTask<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, bool async, CancellationToken cancellationToken) =>
        async ? new(base.SendAsync(request, cancellationToken)) : new(base.Send(request, cancellationToken));

    private static Func<DpopKey> KeyOf(DpopKey key, DpopOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        return options.Key is null || ReferenceEquals(options.Key, key)
            ? () => key
            : throw new ArgumentException($"The options name another key than the argument {nameof(key)}: a client signs with one.", nameof(options));
    }
}
