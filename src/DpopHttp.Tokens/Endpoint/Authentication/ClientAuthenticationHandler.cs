using DpopHttp.Tokens.Waiting;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>
/// Shows the token endpoint who the client is, where that isn't in the form from the beginning. It is inside of the factory's logging: up to 10.0
/// that hides header values in its text and not in its structured state.
/// </summary>
internal sealed class ClientAuthenticationHandler(AssertionSender sender) : DelegatingHandler
{
    /// <summary>Those of the request.</summary>
    public static readonly HttpRequestOptionsKey<ClientCredentials> Credentials = new("DpopHttp.ClientCredentials");

    /// <summary>Reading a JWK is slow, and the options have the same for long.</summary>
    private AssertionWriter? _assertion;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendCoreAsync(request, () => new(base.SendAsync(request, cancellationToken)), async: true, cancellationToken).AsTask();

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        SendCoreAsync(request, () => new(base.Send(request, cancellationToken)), async: false, cancellationToken).Completed();

    private async ValueTask<HttpResponseMessage> SendCoreAsync(
        HttpRequestMessage request, Func<ValueTask<HttpResponseMessage>> send, bool async, CancellationToken cancellationToken)
    {
        if (!request.Options.TryGetValue(Credentials, out ClientCredentials? credentials))
        {
            return await send().ConfigureAwait(false);
        }

        DpopTokenOptions options = credentials.Options;
        if (AssertionFor(options) is { } assertion)
        {
            return await sender.SendAsync(request, assertion, credentials.Audience, send, async, cancellationToken).ConfigureAwait(false);
        }

        if (options.ClientAssertion is { } create)
        {
            return await sender.SendAsync(
                request,
                (now, cancellation) => create(new DpopClientAssertionContext(options.ClientId!, credentials.Audience, now), cancellation),
                send,
                cancellationToken).ConfigureAwait(false);
        }

        if (options.ClientAssertionFile is { } file)
        {
            return await sender.SendAsync(request, _ => AssertionFile.Read(file), send, async, cancellationToken).ConfigureAwait(false);
        }

        if (options is not { ClientSecret: { } secret, ClientSecretLocation: DpopClientSecretLocation.AuthorizationHeader })
        {
            return await send().ConfigureAwait(false);
        }

        request.Headers.Authorization = new BasicAuthenticationOAuthHeaderValue(options.ClientId!, secret);
        try
        {
            return await send().ConfigureAwait(false);
        }
        finally
        {
            request.Headers.Authorization = null;
        }
    }

    private AssertionWriter? AssertionFor(DpopTokenOptions options)
    {
        if (options.ClientAssertionKey is { } key)
        {
            return new AssertionWriter(options.ClientId!, key, options.ClientAssertionKeyId);
        }

        if (options.ClientAssertionJwk is not { } jwk)
        {
            return null;
        }

        AssertionWriter? known = Volatile.Read(ref _assertion);
        if (known is null || !known.IsFor(options.ClientId!, jwk))
        {
            Volatile.Write(ref _assertion, known = AssertionWriter.Of(options.ClientId!, jwk));
        }

        return known;
    }
}
