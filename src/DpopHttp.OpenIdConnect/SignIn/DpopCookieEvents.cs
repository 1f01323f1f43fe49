using DpopHttp.OpenIdConnect.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>Ends a session with its cookie, and doesn't take the cookie of a session that has ended. The user's own events run as they would without it.</summary>
internal sealed class DpopCookieEvents(CookieAuthenticationEvents? inner, Type? innerType) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        CookieSession read = RequestSessions.Of(context.HttpContext).NoteCookie(context.Scheme.Name, SessionTicket.Find(context.Properties));
        bool isDone = false;
        try
        {
            await ValidateAsync(context, read).ConfigureAwait(false);
            isDone = true;
        }
        finally
        {
            read.IsRejected = !isDone || context.Principal is null;
        }
    }

    public override async Task SigningOut(CookieSigningOutContext context)
    {
        await Inner(context.HttpContext).SigningOut(context).ConfigureAwait(false);
        RequestSessions sessions = RequestSessions.Of(context.HttpContext);
        if (sessions.FindCookie(context.Scheme.Name) is null)
        {
            await context.HttpContext.AuthenticateAsync(context.Scheme.Name).ConfigureAwait(false);
        }

        if (sessions.FindCookie(context.Scheme.Name)?.Named is { } session && FindKeeper(context.HttpContext, session.Scheme) is { } keeper)
        {
            // A browser that leaves has signed out all the same.
            EndingSession.Note(context.HttpContext, session.Scheme, await keeper.FindIdTokenAsync(session.Id).ConfigureAwait(false));
            await keeper.EndAsync(session.Id).ConfigureAwait(false);
        }
    }

    public override Task SigningIn(CookieSigningInContext context) => Inner(context.HttpContext).SigningIn(context);

    public override Task SignedIn(CookieSignedInContext context) => Inner(context.HttpContext).SignedIn(context);

    public override Task CheckSlidingExpiration(CookieSlidingExpirationContext context) => Inner(context.HttpContext).CheckSlidingExpiration(context);

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToLogin(context);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToAccessDenied(context);

    public override Task RedirectToLogout(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToLogout(context);

    public override Task RedirectToReturnUrl(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToReturnUrl(context);

    private static SessionKeeper? FindKeeper(HttpContext context, string scheme) => context.RequestServices.GetKeyedService<SessionKeeper>(scheme);

    private async Task ValidateAsync(CookieValidatePrincipalContext context, CookieSession read)
    {
        await Inner(context.HttpContext).ValidatePrincipal(context).ConfigureAwait(false);
        if (context.Principal is not null
            && read.Named is { } session
            && FindKeeper(context.HttpContext, session.Scheme) is { } keeper
            && !await keeper.IsGoodAsync(session.Id, context.HttpContext.RequestAborted).ConfigureAwait(false))
        {
            RefusedSession.Mark(context.HttpContext);
            context.RejectPrincipal();
        }
    }

    private CookieAuthenticationEvents Inner(HttpContext context) =>
        innerType is null ? inner! : (CookieAuthenticationEvents)context.RequestServices.GetRequiredService(innerType);
}
