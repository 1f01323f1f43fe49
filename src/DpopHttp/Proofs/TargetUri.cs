using DpopHttp.Origins;

namespace DpopHttp.Proofs;

/// <summary>The htu claim: the target URI as the server sees it, without query and fragment (RFC 9449 section 4.2).</summary>
internal static class TargetUri
{
    /// <summary>Scheme and authority, as the server sees them.</summary>
    public static string AuthorityOf(HttpRequestMessage request) =>
        Compose(request.RequestUri!, request.Headers.Host is { } host && Authority(request.RequestUri!, host) is { } seen ? seen : Authority(request.RequestUri!));

    /// <summary>Scheme and authority of a request without a Host field of its own.</summary>
    public static string AuthorityOf(Uri uri) => Compose(uri, Authority(uri));

    /// <summary>AbsolutePath is what goes over the wire; LocalPath decodes, AbsoluteUri has query and user information.</summary>
    public static string PathOf(Uri uri) => uri.AbsolutePath;

    private static string Compose(Uri uri, string authority) => string.Concat(Origin.HttpScheme(uri), Uri.SchemeDelimiter, authority);

    private static string Authority(Uri uri)
    {
        // IdnHost loses the brackets of an IPv6 address; Host keeps a Unicode name, which the wire does not.
        string host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? host : string.Concat(host, ":", uri.Port.ToString(provider: null));
    }

    /// <summary>The server takes the Host field for its authority, so it goes through the same normalization.</summary>
    private static string? Authority(Uri uri, string hostField) =>
        Uri.TryCreate($"{Origin.HttpScheme(uri)}{Uri.SchemeDelimiter}{hostField}", UriKind.Absolute, out Uri? seen) ? Authority(seen) : null;
}
