namespace DpopHttp.OpenIdConnect.Endpoint;

/// <summary>What sends to a scheme's authorization server in the end: the <c>BackchannelHttpHandler</c> of the OpenID Connect options, or the platform's handler.</summary>
internal sealed class BackChannelPrimary
{
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>Reads the options late, when the first request goes out.</summary>
    public Func<HttpMessageHandler?> Find { get; set; } = () => null;

    public HttpMessageHandler Create() => Find() switch
    {
        null => new SocketsHttpHandler { PooledConnectionLifetime = ConnectionLifetime },
        { } handler => new Kept(TurnRedirectsOff(handler)),
    };

    /// <summary>Two clients share it, and the one that signs may not find it in use and following redirects.</summary>
    private static HttpMessageHandler TurnRedirectsOff(HttpMessageHandler handler)
    {
        HttpMessageHandler? primary = handler;
        while (primary is DelegatingHandler outer)
        {
            primary = outer.InnerHandler;
        }

        try
        {
            if (primary is SocketsHttpHandler { AllowAutoRedirect: true } sockets)
            {
                sockets.AllowAutoRedirect = false;
            }
            else if (primary is HttpClientHandler { AllowAutoRedirect: true } client)
            {
                client.AllowAutoRedirect = false;
            }
        }
        catch (InvalidOperationException)
        {
            // It was used before: the handler that signs says what to do.
        }

        return handler;
    }

    /// <summary>The user's handler isn't the factory's to dispose.</summary>
    private sealed class Kept(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
