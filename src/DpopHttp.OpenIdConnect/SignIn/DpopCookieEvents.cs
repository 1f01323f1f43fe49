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
        await Inner(context.HttpContext).ValidatePrincipal(context).ConfigureAwait(false);
        if (context.Principal is not null
            && FindSession(context.HttpContext, context.Properties) is { } session
            && !await session.Keeper.IsGoodAsync(session.Id, context.HttpContext.RequestAborted).ConfigureAwait(false))
        {
            RefusedSession.Mark(context.HttpContext);
            context.RejectPrincipal();
        }
    }

    public override async Task SigningOut(CookieSigningOutContext context)
    {
        await Inner(context.HttpContext).SigningOut(context).ConfigureAwait(false);
        AuthenticateResult result = await context.HttpContext.AuthenticateAsync(context.Scheme.Name).ConfigureAwait(false);
        if (FindSession(context.HttpContext, result.Properties) is { } session)
        {
            EndingSession.Note(context.HttpContext, await session.Keeper.FindIdTokenAsync(session.Id, context.HttpContext.RequestAborted).ConfigureAwait(false));
            await session.Keeper.EndAsync(session.Id).ConfigureAwait(false);
        }
    }

    public override Task SigningIn(CookieSigningInContext context) => Inner(context.HttpContext).SigningIn(context);

    public override Task SignedIn(CookieSignedInContext context) => Inner(context.HttpContext).SignedIn(context);

    public override Task CheckSlidingExpiration(CookieSlidingExpirationContext context) => Inner(context.HttpContext).CheckSlidingExpiration(context);

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToLogin(context);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToAccessDenied(context);

    public override Task RedirectToLogout(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToLogout(context);

    public override Task RedirectToReturnUrl(RedirectContext<CookieAuthenticationOptions> context) => Inner(context.HttpContext).RedirectToReturnUrl(context);

    private static (SessionKeeper Keeper, string Id)? FindSession(HttpContext context, AuthenticationProperties? properties) =>
        SessionTicket.Find(properties) is { } session && context.RequestServices.GetKeyedService<SessionKeeper>(session.Scheme) is { } keeper ? (keeper, session.Id) : null;

    private CookieAuthenticationEvents Inner(HttpContext context) =>
        innerType is null ? inner! : (CookieAuthenticationEvents)context.RequestServices.GetRequiredService(innerType);
}
