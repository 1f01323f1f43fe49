using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Caching;
using DpopHttp.Tokens.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Requests;

/// <summary>
/// Gives each request a token, outside of <see cref="DpopHandler"/>, which proves it. A request that comes with an Authorization header keeps it.
/// </summary>
internal sealed class TokenHandler(TokenSource source, HomeOrigin home, ILogger logger) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!WantsToken(request))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        TokenSlot slot = await source.SlotForAsync(request.GetDpopTokenParameters(), cancellationToken).ConfigureAwait(false);
        Authorize(request, slot, await slot.GetAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            RemoveAuthorization(request);
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!WantsToken(request))
        {
            return base.Send(request, cancellationToken);
        }

        // A token request runs on the thread pool by itself: to wait for it here blocks no one else.
        TokenSlot slot = source.SlotFor(request.GetDpopTokenParameters());
        Authorize(request, slot, slot.GetAsync(cancellationToken).AsTask().GetAwaiter().GetResult());
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            RemoveAuthorization(request);
        }
    }

    private bool WantsToken(HttpRequestMessage request)
    {
        if (!request.Headers.Contains("Authorization"))
        {
            home.Check(request.RequestUri);
            return true;
        }

        if (source.LogsOwnAuthorization())
        {
            Log.OwnAuthorization(logger, source.Client);
        }

        return false;
    }

    /// <summary>The key goes with the token: it may be rotated before the handler inside looks.</summary>
    private void Authorize(HttpRequestMessage request, TokenSlot slot, IssuedToken token)
    {
        source.HasGivenToken();
        request.Headers.Authorization = token.Header;
        request.SetDpopKey(token.Key);
        request.SetDpopTokenRenewal((_, cancellationToken) => slot.ReplaceAsync(token, cancellationToken));
    }

    /// <summary>Whoever sends the request again outside may come with a token of its own, which is not ours to prove or to renew.</summary>
    private static void RemoveAuthorization(HttpRequestMessage request)
    {
        request.Headers.Authorization = null;
        request.SetDpopKey(null);
        request.SetDpopTokenRenewal(null);
    }
}
