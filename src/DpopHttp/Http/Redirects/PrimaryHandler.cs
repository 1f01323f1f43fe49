using System.Net;
using System.Runtime.CompilerServices;
using DpopHttp.Http.Errors;

namespace DpopHttp.Http.Redirects;

/// <summary>The handler that sends to the network, as far as what it does matters for proofs.</summary>
/// <remarks>
/// Its own following of redirects is turned off and taken over, since it would forward a proof that does not fit. Another client that shares it then
/// gets redirects as answers.
/// </remarks>
internal sealed class PrimaryHandler
{
    /// <summary>How long the platform's handler waits for a 100-continue by default.</summary>
    private static readonly TimeSpan DefaultExpectTimeout = TimeSpan.FromSeconds(1);

    private static readonly Lock Gate = new();

    /// <summary>How many redirects each primary followed before it was changed: a shared one must look the same to the next client.</summary>
    private static readonly ConditionalWeakTable<HttpMessageHandler, StrongBox<int>> FollowedBefore = [];

    private readonly HttpMessageHandler? _handler;

    private PrimaryHandler(HttpMessageHandler? handler, int redirectLimit, bool isDirect)
    {
        _handler = handler;
        RedirectLimit = redirectLimit;
        IsPlatformsAndDirect = isDirect && (handler is SocketsHttpHandler || handler?.GetType() == typeof(HttpClientHandler));
        ExpectTimeout = handler is SocketsHttpHandler sockets ? sockets.Expect100ContinueTimeout : DefaultExpectTimeout;
    }

    /// <summary>How many redirects of one call are followed, as the user set it; 0 for none.</summary>
    public int RedirectLimit { get; }

    /// <summary>Whether it is the platform's own and nothing of the user's stands before it, such as a class derived from <see cref="HttpClientHandler"/>.</summary>
    public bool IsPlatformsAndDirect { get; }

    /// <summary>How long it waits for a 100-continue before it sends the body.</summary>
    public TimeSpan ExpectTimeout { get; }

    /// <summary>Finds the primary below a handler, turns its own following off, and says how it was set.</summary>
    /// <exception cref="DpopException">The primary follows redirects and was already used.</exception>
    public static PrimaryHandler TakeOver(HttpMessageHandler? outermost)
    {
        if (Find(outermost) is not { } primary)
        {
            return new PrimaryHandler(handler: null, redirectLimit: 0, isDirect: false);
        }

        lock (Gate)
        {
            if (!FollowedBefore.TryGetValue(primary, out StrongBox<int>? limit))
            {
                limit = new StrongBox<int>(LimitOf(primary));
                TurnOff(primary, limit.Value);
                FollowedBefore.Add(primary, limit);
            }

            return new PrimaryHandler(primary, limit.Value, isDirect: ReferenceEquals(primary, outermost));
        }
    }

    /// <summary>
    /// The proxy that a request to the URI goes through, or null. What a primary of the user's own does is the user's to know: an in-memory server has no proxy,
    /// whatever the environment says.
    /// </summary>
    public Uri? ProxyFor(Uri uri)
    {
        (bool uses, IWebProxy? own) = _handler switch
        {
            SocketsHttpHandler sockets => (sockets.UseProxy, sockets.Proxy),
            HttpClientHandler client => (client.UseProxy, client.Proxy),
            _ => (false, null),
        };
        IWebProxy proxy = own ?? HttpClient.DefaultProxy;
        return uses && !proxy.IsBypassed(uri) && proxy.GetProxy(uri) is { } address && address != uri ? address : null;
    }

    private static HttpMessageHandler? Find(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler outer)
        {
            handler = outer.InnerHandler;
        }

        return handler;
    }

    private static int LimitOf(HttpMessageHandler primary) => primary switch
    {
        SocketsHttpHandler { AllowAutoRedirect: true } sockets => sockets.MaxAutomaticRedirections,
        HttpClientHandler { AllowAutoRedirect: true } client => client.MaxAutomaticRedirections,
        _ => 0,
    };

    private static void TurnOff(HttpMessageHandler primary, int limit)
    {
        // The setter throws on a used handler even for the same value.
        if (limit == 0)
        {
            return;
        }

        try
        {
            switch (primary)
            {
                case SocketsHttpHandler sockets:
                    sockets.AllowAutoRedirect = false;
                    break;
                case HttpClientHandler client:
                    client.AllowAutoRedirect = false;
                    break;
            }
        }
        catch (InvalidOperationException exception)
        {
            throw RequestErrors.PrimaryHandlerInUse(primary, exception);
        }
    }
}
