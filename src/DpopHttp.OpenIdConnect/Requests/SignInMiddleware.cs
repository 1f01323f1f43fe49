using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.OpenIdConnect.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.OpenIdConnect.Requests;

/// <summary>Makes a challenge of a token that can't be had without a sign-in.</summary>
internal sealed class SignInMiddleware(RequestDelegate next, OpenIdConnectSchemes schemes)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (DpopSignInRequiredException exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            if (!RefusedSession.IsPage(context.Request))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            // Only a GET can be repeated by a redirect.
            string target = HttpMethods.IsGet(context.Request.Method)
                ? context.Request.PathBase + context.Request.Path + context.Request.QueryString
                : context.Request.PathBase + "/";
            string? scheme = exception.Scheme ?? (schemes.Names.Count == 1 ? schemes.Names[0] : null);
            await context.ChallengeAsync(scheme, new AuthenticationProperties { RedirectUri = target }).ConfigureAwait(false);
        }
    }
}
