using DpopHttp.OpenIdConnect;
using DpopHttp.OpenIdConnect.Requests;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Sends users whose tokens can't be had to the sign-in.</summary>
public static class DpopSignInApplicationBuilderExtensions
{
    /// <summary>
    /// Makes a challenge of <see cref="DpopSignInRequiredException"/>: a page is redirected to the sign-in and comes back, a script's request is answered
    /// with 401. Put it behind the handling of exceptions and before the endpoints. The challenge is of the scheme that the user's session is of or that
    /// the client names, or else of the one that has DPoP; where there are several, of the default challenge scheme.
    /// </summary>
    /// <param name="app">The app.</param>
    /// <returns>The app.</returns>
    public static IApplicationBuilder UseDpopSignIn(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<SignInMiddleware>();
    }
}
