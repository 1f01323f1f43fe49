using DpopHttp.OpenIdConnect.Errors;
using DpopHttp.OpenIdConnect.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect;

/// <summary>Finds the session of the user of an HTTP request.</summary>
public static class DpopHttpContextSessionExtensions
{
    /// <summary>The session of the user who is signed in, for work that goes on after the request.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The OpenID Connect scheme that the user signed in with. Null (the default): any that has DPoP.</param>
    /// <exception cref="DpopSignInRequiredException">Nobody is signed in.</exception>
    public static DpopSession GetDpopSession(this HttpContext context, string? scheme = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ValueTask<DpopSession?> found = context.RequestServices.GetRequiredService<CurrentSession>().FindAsync(context, scheme);

        // The authentication middleware has looked before, so that there is nothing to wait for, but in an app that doesn't use it.
        return (found.IsCompleted ? found.Result : found.AsTask().GetAwaiter().GetResult()) ?? throw SessionErrors.NobodySignedIn(client: null, scheme);
    }
}
