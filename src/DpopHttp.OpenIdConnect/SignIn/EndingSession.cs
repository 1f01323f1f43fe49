using Microsoft.AspNetCore.Http;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>What is left of a session that ended in this request: the cookie goes first, and the server is told afterwards. Another scheme's server isn't.</summary>
internal static class EndingSession
{
    public static void Note(HttpContext context, string scheme, string? idToken) => context.Items[new Item(scheme)] = idToken;

    public static string? FindIdToken(HttpContext context, string scheme) => context.Items.TryGetValue(new Item(scheme), out object? idToken) ? (string?)idToken : null;

    private sealed record Item(string Scheme);
}
