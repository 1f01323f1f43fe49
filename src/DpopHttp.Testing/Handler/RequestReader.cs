using System.Net.Http.Headers;

namespace DpopHttp.Testing;

/// <summary>Reads a request as the server at the other end of the wire would.</summary>
internal static class RequestReader
{
    // HttpClient sends the methods it knows in upper case, however they were written.
    public static string Method(HttpRequestMessage request) => HttpMethod.Parse(request.Method.Method).Method;

    public static Uri Uri(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            throw new InvalidOperationException("The request has no absolute RequestUri; give it one, or the HttpClient a BaseAddress.");
        }

        string? host = request.Headers.Host;
        if (string.IsNullOrEmpty(host))
        {
            return uri;
        }

        UriCreationOptions asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };
        return new Uri($"{uri.Scheme}://{host}{uri.PathAndQuery}", asWritten);
    }

    public static string[] Proofs(HttpRequestMessage request) =>
        request.Headers.NonValidated.TryGetValues("DPoP", out HeaderStringValues values) ? [.. values] : [];

    public static (string? Scheme, string? Token) Authorization(HttpRequestMessage request)
    {
        if (!request.Headers.NonValidated.TryGetValues("Authorization", out HeaderStringValues values) || values.Count != 1)
        {
            return (null, null);
        }

        string[] parts = values.ToString().Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (parts.ElementAtOrDefault(0), parts.ElementAtOrDefault(1));
    }

    /// <summary>A copy with the body that came over the wire, so that reading it again does not touch the caller's content.</summary>
    public static HttpRequestMessage Copy(HttpRequestMessage request, Uri uri, byte[] body)
    {
        HttpRequestMessage copy = new(request.Method, uri) { Version = request.Version };
        CopyHeaders(request.Headers, copy.Headers);
        if (request.Content is { } content)
        {
            copy.Content = new ByteArrayContent(body);
            CopyHeaders(content.Headers, copy.Content.Headers);
        }

        return copy;
    }

    private static void CopyHeaders(HttpHeaders from, HttpHeaders to)
    {
        foreach ((string name, HeaderStringValues values) in from.NonValidated)
        {
            to.TryAddWithoutValidation(name, values);
        }
    }
}
