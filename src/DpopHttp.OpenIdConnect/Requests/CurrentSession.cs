using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.OpenIdConnect.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.Requests;

/// <summary>Finds the session of the user of an HTTP request. A cookie that wasn't read yet is read once: authentication isn't made for several threads at a time.</summary>
internal sealed class CurrentSession(OpenIdConnectSchemes schemes, IOptionsMonitor<OpenIdConnectOptions> openId)
{
    private readonly ConditionalWeakTable<HttpContext, ConcurrentDictionary<string, Lazy<Task<(string Scheme, string Id)?>>>> _read = [];

    /// <summary>The session, or null if nobody is signed in.</summary>
    /// <param name="context">The request.</param>
    /// <param name="scheme">The OpenID Connect scheme; null for any.</param>
    public async ValueTask<DpopSession?> FindAsync(HttpContext context, string? scheme)
    {
        RequestSessions known = RequestSessions.Of(context);
        if (known.IsSignIn)
        {
            return HandleOf(known.Begun, scheme, context);
        }

        foreach (string name in schemes.Names)
        {
            string? cookies = openId.Get(name).SignInScheme;
            (string Scheme, string Id)? named = known.FindCookie(cookies) is { } read ? read.Accepted : await ReadAsync(context, cookies).ConfigureAwait(false);
            if (HandleOf(named, scheme, context) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static DpopSession? HandleOf((string Scheme, string Id)? named, string? wanted, HttpContext context) =>
        named is { } session && (wanted is null || session.Scheme == wanted) && context.RequestServices.GetKeyedService<SessionKeeper>(session.Scheme) is { } keeper
            ? new DpopSession(session.Scheme, session.Id, keeper)
            : null;

    private Task<(string Scheme, string Id)?> ReadAsync(HttpContext context, string? cookies) => _read.GetOrCreateValue(context).GetOrAdd(
        cookies ?? "",
        _ => new(async () =>
        {
            AuthenticateResult result = await context.AuthenticateAsync(cookies).ConfigureAwait(false);
            return result.Succeeded ? SessionTicket.Find(result.Properties) : null;
        })).Value;
}
