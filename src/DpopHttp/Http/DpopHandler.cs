using DpopHttp.Http;
using DpopHttp.Http.Diagnostics;
using DpopHttp.Http.Redirects;
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
    private readonly Func<ClientSettings> _client;
    private readonly OriginRegistry _origins;
    private readonly Telemetry _telemetry;
    private readonly Lazy<PrimaryHandler> _primary;
    private readonly InnerSend _send;
    private HandlerSettings _settings;

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
        : this(SettingsOf(key, options), OriginRegistry.OfKey(key), Telemetry.Default)
    {
    }

    /// <param name="client">Asked once for each call: a call goes by the settings that it began with.</param>
    /// <param name="origins">Where what servers show is kept.</param>
    /// <param name="telemetry">Counts and logs.</param>
    internal DpopHandler(Func<ClientSettings> client, OriginRegistry origins, Telemetry telemetry)
    {
        _client = client;
        _origins = origins;
        _telemetry = telemetry;
        _primary = new Lazy<PrimaryHandler>(() => PrimaryHandler.TakeOver(InnerHandler));
        _send = SendInner;
        _settings = new HandlerSettings(client(), _primary);
    }

    /// <inheritdoc />
    /// <exception cref="DpopException">DPoP could not be applied; nothing was sent.</exception>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Begin(request, async: true, cancellationToken).AsTask();

    /// <inheritdoc />
    /// <exception cref="DpopException">DPoP could not be applied; nothing was sent.</exception>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Begin(request, async: false, cancellationToken).Completed();

    private ValueTask<HttpResponseMessage> Begin(HttpRequestMessage request, bool async, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new Exchange(Settings(), _origins, _telemetry, _send).RunAsync(request, async, cancellationToken);
    }

    /// <summary>What follows from the options is kept until they change.</summary>
    private HandlerSettings Settings()
    {
        ClientSettings client = _client();
        HandlerSettings settings = Volatile.Read(ref _settings);
        if (!ReferenceEquals(settings.Client, client))
        {
            Volatile.Write(ref _settings, settings = new HandlerSettings(client, _primary));
        }

        return settings;
    }

    private ValueTask<HttpResponseMessage> SendInner(HttpRequestMessage request, bool async, CancellationToken cancellationToken) =>
        async ? new(base.SendAsync(request, cancellationToken)) : new(base.Send(request, cancellationToken));

    private static Func<ClientSettings> SettingsOf(DpopKey key, DpopOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        if ((options.Key is not null && !ReferenceEquals(options.Key, key)) || options.KeyFile is not null || options.KeyName is not null)
        {
            throw new ArgumentException($"The options name another key than the argument {nameof(key)}: a client signs with one.", nameof(options));
        }

        ClientSettings settings = new(DpopOptionsRules.Require(options), () => key, _ => new(key));
        return () => settings;
    }
}
