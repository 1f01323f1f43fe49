using System.Diagnostics;
using DpopHttp.Http;
using DpopHttp.Http.Diagnostics;
using DpopHttp.Http.Redirects;
using DpopHttp.Http.Requests;
using DpopHttp.Origins;

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
public sealed class DpopHandler : DelegatingHandler
{
    private readonly Func<DpopKey> _key;
    private readonly Func<DpopOptions> _options;
    private readonly OriginRegistry _origins;
    private readonly Telemetry _telemetry;
    private readonly Lazy<PrimaryHandler> _primary;
    private readonly InnerSend _send;
    private HandlerSettings? _settings;

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
        : this(KeyOf(key, options), OptionsOf(options), OriginRegistry.OfKey(key), Telemetry.Default)
    {
    }

    internal DpopHandler(Func<DpopKey> key, Func<DpopOptions> options, OriginRegistry origins, Telemetry telemetry)
    {
        _key = key;
        _options = options;
        _origins = origins;
        _telemetry = telemetry;
        _primary = new Lazy<PrimaryHandler>(() => PrimaryHandler.TakeOver(InnerHandler));
        _send = SendInner;
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
        using Activity? span = Telemetry.StartExchange(request);
        try
        {
            using RequestLease lease = new(request);
            return await new Exchange(Settings(), _key, _origins, _telemetry, _send).RunAsync(request, async, cancellationToken).ConfigureAwait(false);
        }
        catch (DpopException exception)
        {
            _telemetry.NotSent(request, exception);
            throw;
        }
    }

    /// <summary>One call sees one set of options, whatever is changed meanwhile.</summary>
    private HandlerSettings Settings()
    {
        DpopOptions options = _options();
        HandlerSettings? settings = Volatile.Read(ref _settings);
        if (settings is null || !ReferenceEquals(settings.Options, options))
        {
            Volatile.Write(ref _settings, settings = new HandlerSettings(options, _primary.Value));
        }

        return settings;
    }

    private ValueTask<HttpResponseMessage> SendInner(HttpRequestMessage request, bool async, CancellationToken cancellationToken) =>
        async ? new(base.SendAsync(request, cancellationToken)) : new(base.Send(request, cancellationToken));

    private static Func<DpopKey> KeyOf(DpopKey key, DpopOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        return (options.Key is null || ReferenceEquals(options.Key, key)) && options.KeyFile is null && options.KeyName is null
            ? () => key
            : throw new ArgumentException($"The options name another key than the argument {nameof(key)}: a client signs with one.", nameof(options));
    }

    private static Func<DpopOptions> OptionsOf(DpopOptions options)
    {
        DpopOptions valid = DpopOptionsValidator.Checked(options);
        return () => valid;
    }
}
