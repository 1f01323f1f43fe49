using System.Net.Http.Headers;
using DpopHttp.OpenIdConnect.Diagnostics;
using DpopHttp.OpenIdConnect.Errors;
using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.Tokens.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Requests;

/// <summary>Gives each request its user's token. One without a user isn't sent.</summary>
internal sealed class UserTokenHandler(string client, string? scheme, HomeOrigin home, IHttpContextAccessor contexts, CurrentSession current, OnceOnly ownAuthorization, ILogger logger)
    : AuthorizingHandler(home)
{
    protected override async ValueTask AuthorizeAsync(HttpRequestMessage request, bool async, CancellationToken cancellationToken)
    {
        DpopSession user = request.GetDpopSession()
            ?? DpopSession.Current
            ?? (contexts.HttpContext is { } context ? await current.FindAsync(context, scheme).ConfigureAwait(false) : null)
            ?? throw SessionErrors.NobodySignedIn(client, scheme);
        if (scheme is not null && user.Scheme != scheme)
        {
            throw SessionErrors.OfOtherScheme(client, scheme, user.Scheme);
        }

        LiveSession session = await user.Keeper.GetAsync(user.Id, cancellationToken).ConfigureAwait(false);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", session.Record.AccessToken);
        request.SetDpopKey(session.Key);
        request.SetDpopTokenRenewal((_, cancellation) => user.Keeper.ReplaceAsync(session, client, cancellation));
    }

    protected override void NoteOwnAuthorization()
    {
        if (ownAuthorization.IsFirst())
        {
            Log.OwnAuthorization(logger, client);
        }
    }
}
