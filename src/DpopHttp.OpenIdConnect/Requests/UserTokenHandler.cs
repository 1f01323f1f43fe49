using System.Net.Http.Headers;
using DpopHttp.OpenIdConnect.Diagnostics;
using DpopHttp.OpenIdConnect.Errors;
using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.Tokens.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Requests;

/// <summary>
/// Gives each request its user's token, outside of <see cref="DpopHandler"/>, which proves it. A request that comes with an Authorization header keeps it; one
/// without a user isn't sent.
/// </summary>
internal sealed class UserTokenHandler(string client, string? scheme, HomeOrigin home, IHttpContextAccessor contexts, CurrentSession current, OnceOnly ownAuthorization, ILogger logger)
    : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!WantsToken(request))
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        await AuthorizeAsync(request, cancellationToken).ConfigureAwait(false);
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

        // A renewal runs on the thread pool by itself: to wait for it here blocks no one else.
        AuthorizeAsync(request, cancellationToken).AsTask().GetAwaiter().GetResult();
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

        if (ownAuthorization.IsFirst())
        {
            Log.OwnAuthorization(logger, client);
        }

        return false;
    }

    private async ValueTask AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        DpopSession user = request.GetDpopSession()
            ?? DpopSession.Current
            ?? (contexts.HttpContext is { } context ? await current.FindAsync(context, scheme).ConfigureAwait(false) : null)
            ?? throw SessionErrors.NobodySignedIn(client);
        LiveSession session = await user.Keeper.GetAsync(user.Id, cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", session.Record.AccessToken);
        request.SetDpopKey(session.Key);
        request.SetDpopTokenRenewal((_, cancellation) => user.Keeper.ReplaceAsync(session, client, cancellation));
    }

    /// <summary>Whoever sends the request again outside gets a token of that time.</summary>
    private static void RemoveAuthorization(HttpRequestMessage request)
    {
        request.Headers.Authorization = null;
        request.SetDpopKey(null);
        request.SetDpopTokenRenewal(null);
    }
}
