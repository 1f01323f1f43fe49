using System.Runtime.CompilerServices;
using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.OpenIdConnect.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.Requests;

/// <summary>The session of the user of an HTTP request, looked up once: authentication isn't made for several threads at a time.</summary>
internal sealed class CurrentSession(OpenIdConnectSchemes schemes, IOptionsMonitor<OpenIdConnectOptions> openId)
{
    // A context is one request's alone because AddHttpContextAccessor is called with AddDpop: without an accessor ASP.NET Core uses one again for the next user's.
    private readonly ConditionalWeakTable<HttpContext, Lazy<Task<DpopSession?[]>>> _found = [];

    /// <summary>The session, or null if nobody is signed in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The OpenID Connect scheme; null for any.</param>
    public async ValueTask<DpopSession?> FindAsync(HttpContext context, string? scheme)
    {
        DpopSession?[] sessions = await _found.GetValue(context, context => new(() => FindAllAsync(context))).Value.ConfigureAwait(false);
        return sessions.FirstOrDefault(session => session is not null && (scheme is null || session.Scheme == scheme));
    }

    private async Task<DpopSession?[]> FindAllAsync(HttpContext context)
    {
        List<DpopSession?> found = [];
        foreach (string? cookies in schemes.Names.Select(name => openId.Get(name).SignInScheme).Distinct())
        {
            AuthenticateResult result = await context.AuthenticateAsync(cookies).ConfigureAwait(false);
            if (result.Succeeded
                && SessionTicket.Find(result.Properties) is { } session
                && context.RequestServices.GetKeyedService<SessionKeeper>(session.Scheme) is { } keeper)
            {
                found.Add(new DpopSession(session.Scheme, session.Id, keeper));
            }
        }

        return [.. found];
    }
}
