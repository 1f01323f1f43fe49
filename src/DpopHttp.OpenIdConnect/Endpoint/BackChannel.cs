using Microsoft.AspNetCore.Http;

namespace DpopHttp.OpenIdConnect.Endpoint;

/// <summary>The clients that talk to a scheme's authorization server, and the key that signs for them.</summary>
internal static class BackChannel
{
    private static readonly object KeyItem = new();

    /// <summary>Signs: for tokens, pushed requests, userinfo and revocation.</summary>
    public static string NameFor(string scheme) => scheme + ".dpop";

    /// <summary>Doesn't sign: for metadata and the server's keys.</summary>
    public static string PlainNameFor(string scheme) => scheme + ".metadata";

    /// <summary>The key of the sign-in that the request is a part of.</summary>
    public static void SetKey(HttpContext context, DpopKey key) => context.Items[KeyItem] = key;

    public static DpopKey? FindKey(HttpContext? context) => context is not null && context.Items.TryGetValue(KeyItem, out object? key) ? (DpopKey?)key : null;
}
