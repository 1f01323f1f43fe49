using DpopHttp.Origins;

namespace DpopHttp.Proofs;

/// <summary>The htu claim: the target URI as the server sees it, without query and fragment (RFC 9449 section 4.2).</summary>
internal static class TargetUri
{
    public static string Of(HttpRequestMessage request) =>
        request.Headers.Host is { } host && Authority(request.RequestUri!, host) is { } authority
            ? Compose(request.RequestUri!, authority)
            : Of(request.RequestUri!);

    public static string Of(Uri uri) => Compose(uri, Authority(uri));

    // AbsolutePath is what goes over the wire; LocalPath decodes, AbsoluteUri has query and user information.
    private static string Compose(Uri uri, string authority) =>
        string.Concat(Origin.HttpScheme(uri), Uri.SchemeDelimiter, authority, uri.AbsolutePath);

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
