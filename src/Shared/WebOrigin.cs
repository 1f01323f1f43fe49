namespace DpopHttp.Shared;

/// <summary>Whether two addresses are of the same origin (RFC 6454 section 4), as the wire has it: a host name in Unicode and its ASCII form are one.</summary>
internal static class WebOrigin
{
    public static bool IsSame(Uri a, Uri b) =>
        HttpScheme(a) == HttpScheme(b) && a.Port == b.Port && string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>A WebSocket begins as a request of HTTP.</summary>
    private static string HttpScheme(Uri uri) => uri.Scheme switch
    {
        "ws" => "http",
        "wss" => "https",
        string other => other,
    };
}
