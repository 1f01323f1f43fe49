using DpopHttp.Tokens.Caching;

namespace DpopHttp.Tokens.Http;

/// <summary>
/// Gives each request a token, outside of <see cref="DpopHandler"/>, which proves it. A request that comes with an Authorization header keeps it.
/// </summary>
internal sealed class TokenHandler(TokenSource source) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Contains("Authorization"))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        TokenSlot slot = source.Current;
        Equip(request, slot, await slot.GetAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Strip(request);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.Contains("Authorization"))
        {
            return base.Send(request, cancellationToken);
        }

        // A token request runs on the thread pool by itself: to wait for it here blocks no one else.
        TokenSlot slot = source.Current;
        Equip(request, slot, slot.GetAsync(cancellationToken).AsTask().GetAwaiter().GetResult());
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            Strip(request);
        }
    }

    /// <summary>The key goes with the token: it may be rotated before the handler inside looks.</summary>
    private static void Equip(HttpRequestMessage request, TokenSlot slot, IssuedToken token)
    {
        request.Headers.Authorization = token.Header;
        request.SetDpopKey(token.Key);
        request.SetDpopTokenRenewal((_, cancellationToken) => slot.ReplaceAsync(token, cancellationToken));
    }

    /// <summary>Whoever sends the request again outside may come with a token of its own, which is not ours to prove or to renew.</summary>
    private static void Strip(HttpRequestMessage request)
    {
        request.Headers.Authorization = null;
        request.SetDpopKey(null);
        request.SetDpopTokenRenewal(null);
    }
}
