using System.Globalization;

namespace DpopHttp.Origins;

/// <summary>Who a request speaks to: scheme, host and port (RFC 6454 section 4), and the Host field where a request overrides it.</summary>
internal readonly record struct Origin(string Scheme, string Host, int Port, string? HostField)
{
    public static Origin Of(HttpRequestMessage request) => Of(request.RequestUri!, request.Headers.Host);

    public static Origin Of(Uri uri, string? hostField = null) => new(HttpScheme(uri), uri.IdnHost, uri.Port, hostField);

    /// <summary>What a store of nonces calls it: printable ASCII, and the same in each process.</summary>
    public string StoredName => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}{(HostField is null ? "" : $" host={Uri.EscapeDataString(HostField)}")}");

    /// <summary>A WebSocket opens with an http request: RFC 6455 section 1.3.</summary>
    public static string HttpScheme(Uri uri) => uri.Scheme switch
    {
        "ws" => Uri.UriSchemeHttp,
        "wss" => Uri.UriSchemeHttps,
        _ => uri.Scheme,
    };

    /// <summary>https, or an address that does not leave the machine.</summary>
    public static bool IsSecure(Uri uri) => HttpScheme(uri) == Uri.UriSchemeHttps || uri.IsLoopback;

    /// <summary>Host and port for messages and logs. The port is left out where it is the scheme's own.</summary>
    public static string Describe(Uri? uri)
    {
        if (uri is not { IsAbsoluteUri: true })
        {
            return "";
        }

        return uri.IsDefaultPort ? uri.IdnHost : string.Create(CultureInfo.InvariantCulture, $"{uri.IdnHost}:{uri.Port}");
    }
}
