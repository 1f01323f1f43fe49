using Microsoft.AspNetCore.Http;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>What is left of a session that ended in this request: the cookie goes first, and the server is told afterwards.</summary>
internal static class EndingSession
{
    private static readonly object Item = new();

    public static void Note(HttpContext context, string? idToken) => context.Items[Item] = idToken;

    public static string? FindIdToken(HttpContext context) => context.Items.TryGetValue(Item, out object? idToken) ? (string?)idToken : null;
}
