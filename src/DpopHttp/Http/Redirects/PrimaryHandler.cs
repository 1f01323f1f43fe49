using System.Runtime.CompilerServices;

namespace DpopHttp.Http.Redirects;

/// <summary>Takes the following of redirects over from the primary handler, which would forward a proof that does not fit.</summary>
internal static class PrimaryHandler
{
    private static readonly Lock Gate = new();

    /// <summary>What each primary was set to before it was changed: a shared one must look the same to the next client.</summary>
    private static readonly ConditionalWeakTable<HttpMessageHandler, RedirectPolicy> Original = [];

    /// <summary>Turns the primary's own following off and says how it was set.</summary>
    /// <exception cref="DpopException">The primary follows redirects and was already used.</exception>
    public static RedirectPolicy TakeOver(HttpMessageHandler? outermost)
    {
        if (Find(outermost) is not { } primary)
        {
            return RedirectPolicy.None;
        }

        lock (Gate)
        {
            if (!Original.TryGetValue(primary, out RedirectPolicy? policy))
            {
                policy = Read(primary);
                TurnOff(primary, policy);
                Original.Add(primary, policy);
            }

            return policy;
        }
    }

    private static HttpMessageHandler? Find(HttpMessageHandler? handler)
    {
        while (handler is DelegatingHandler outer)
        {
            handler = outer.InnerHandler;
        }

        return handler;
    }

    private static RedirectPolicy Read(HttpMessageHandler primary) => primary switch
    {
        SocketsHttpHandler { AllowAutoRedirect: true } sockets => new RedirectPolicy(sockets.MaxAutomaticRedirections),
        HttpClientHandler { AllowAutoRedirect: true } client => new RedirectPolicy(client.MaxAutomaticRedirections),
        _ => RedirectPolicy.None,
    };

    private static void TurnOff(HttpMessageHandler primary, RedirectPolicy policy)
    {
        // The setter throws on a used handler even for the same value.
        if (policy == RedirectPolicy.None)
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
            throw Errors.PrimaryHandlerInUse(primary, exception);
        }
    }
}
