using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>
/// The sessions of a request as far as they are known: those that its cookies name, and the one that begins in it. An app's own validation of a cookie, and its transformation of claims,
/// run while the cookie's handler is still at work: they find the session here, since the handler would wait for itself.
/// </summary>
internal sealed class RequestSessions
{
    // A context is one request's alone because AddHttpContextAccessor is called with AddDpop: without an accessor ASP.NET Core uses one again for the next user's.
    private static readonly ConditionalWeakTable<HttpContext, RequestSessions> All = [];

    private readonly ConcurrentDictionary<string, CookieSession> _ofCookies = new(StringComparer.Ordinal);

    /// <summary>Whether somebody signs in with this request: its cookies are those of whoever was signed in before.</summary>
    public bool IsSignIn { get; private set; }

    /// <summary>The session that the sign-in has begun, or null.</summary>
    public (string Scheme, string Id)? Begun { get; private set; }

    public static RequestSessions Of(HttpContext context) => All.GetOrCreateValue(context);

    public void NoteSignIn() => IsSignIn = true;

    public void NoteBegun(string scheme, string id) => Begun = (scheme, id);

    /// <summary>Notes what a cookie names, once it was read and before the app looks at it.</summary>
    public CookieSession NoteCookie(string cookieScheme, (string Scheme, string Id)? named) => _ofCookies[cookieScheme] = new CookieSession(named);

    /// <summary>What the cookie of a scheme names; null if it wasn't read in this request, or there is none that is good.</summary>
    public CookieSession? FindCookie(string? cookieScheme) => cookieScheme is not null && _ofCookies.TryGetValue(cookieScheme, out CookieSession? found) ? found : null;
}
