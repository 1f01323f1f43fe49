using Microsoft.AspNetCore.Http;

namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>Marks a request whose user was signed in, but has no tokens any more.</summary>
internal static class RefusedSession
{
    private static readonly object Item = new();

    public static void Mark(HttpContext context) => context.Items[Item] = Item;

    public static bool IsMarked(HttpContext context) => context.Items.ContainsKey(Item);

    /// <summary>Whether a person looks at the answer, so that a redirect to the sign-in is one. A script can do nothing with it.</summary>
    public static bool IsPage(HttpRequest request) => request.Headers["Sec-Fetch-Mode"].ToString() is { Length: > 0 } mode
        ? mode == "navigate"
        : request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) && request.Headers.XRequestedWith.Count == 0;
}
