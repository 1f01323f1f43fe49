using DpopHttp.Http;
using DpopHttp.Http.Bodies;
using DpopHttp.Http.Redirects;
using DpopHttp.Http.Tokens;
using DpopHttp.Nonces;

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
    private readonly Func<ClientSettings> _settings;
    private readonly Telemetry _telemetry;
    private volatile DpopClient _client;
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
        : this(SettingsOf(key, options), Telemetry.Default)
    {
    }

    /// <summary>The settings are asked for now, and then once for each call: a call goes by the options that it began with.</summary>
    internal DpopHandler(Func<ClientSettings> settings, Telemetry telemetry)
    {
        _settings = settings;
        _telemetry = telemetry;
        _client = new DpopClient(settings(), telemetry, SendInnerAsync);
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
            using RequestLease lease = new(request);
            DpopClient client = Client();
            RedirectPolicy redirects = _redirects.Value;
            int limit = client.FollowsRedirects ? redirects.Limit : RedirectPolicy.None.Limit;
            Hop hop = new(request, hasCredentials: true);
            for (int followed = 0; ; followed++)
            {
                (HttpResponseMessage response, Hop? next) = await SendHopAsync(client, hop, followed < limit, async, cancellationToken).ConfigureAwait(false);
                if (next is null)
                {
                    return response;
                }

                response.Dispose();
                hop = next;
            }
        }
        catch (DpopException exception)
        {
            _telemetry.NotSent(request, exception);
            throw;
        }
    }

    /// <summary>The answer, and where it leads if that is to be followed.</summary>
    private async ValueTask<(HttpResponseMessage Response, Hop? Next)> SendHopAsync(DpopClient client, Hop hop, bool mayFollow, bool async, CancellationToken cancellationToken)
    {
        (RequestToken token, OriginState? origin) = hop.HasCredentials ? Admit(client, hop) : default;
        using RequestBody body = await RequestBody
            .PrepareAsync(hop.Request, mayBeRefused: origin is { MayAskForNonce: true }, async, cancellationToken).ConfigureAwait(false);
        using Outgoing outgoing = new(hop, token);
        HttpResponseMessage response = origin is null
            ? await SendInnerAsync(hop.Request, async, cancellationToken).ConfigureAwait(false)
            : await new Exchange(client, origin, outgoing, body).RunAsync(async, cancellationToken).ConfigureAwait(false);

        // Before the request is given back: the next one begins with the token that this one ended with.
        return (response, mayFollow ? hop.Follow(response, body) : null);
    }

    /// <summary>The token to prove, and whom to prove it to; no origin for a plain Bearer token that may stay one.</summary>
    private static (RequestToken Token, OriginState? Origin) Admit(DpopClient client, Hop hop)
    {
        client.Guard.Check(hop.Uri);
        DpopKey key = hop.Key ??= hop.Request.DpopKey ?? client.Key;
        RequestToken token = client.Tokens.Read(hop.Request.Headers, key);
        return (token, token.WantsProof ? key.Origins[Origin.Of(hop.Request)] : null);
    }

    private ValueTask<HttpResponseMessage> SendInnerAsync(HttpRequestMessage request, bool async, CancellationToken cancellationToken) =>
        async ? new(base.SendAsync(request, cancellationToken)) : new(base.Send(request, cancellationToken));

    /// <summary>What follows from the options is kept until they change.</summary>
    private DpopClient Client()
    {
        ClientSettings settings = _settings();
        DpopClient client = _client;
        return client.Settings == settings ? client : _client = new DpopClient(settings, _telemetry, SendInnerAsync);
    }

    private static Func<ClientSettings> SettingsOf(DpopKey key, DpopOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(options);
        if ((options.Key is not null && !ReferenceEquals(options.Key, key)) || options.KeyFile is not null || options.KeyName is not null)
        {
            throw new ArgumentException($"The options name another key than the argument {nameof(key)}: a client signs with one.", nameof(options));
        }

        ClientSettings settings = new(DpopOptionsRules.Require(options), () => key);
        return () => settings;
    }
}
