using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Proxies;

/// <summary>The API behind the proxy.</summary>
/// <param name="api">Its address; a path in it is put before the path of each request.</param>
/// <param name="client">Sends with proofs.</param>
/// <param name="timeout">How long the API may take to answer.</param>
/// <param name="findToken">The access token for a request, or null when the client has tokens of its own.</param>
/// <param name="prefix">What the proxy's paths begin with.</param>
internal sealed class ProxyTarget(Uri api, HttpClient client, TimeSpan timeout, Func<string?> findToken, string prefix)
{
    private readonly string _base = api.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public TimeSpan Timeout { get; } = timeout;

    public HttpClient Client { get; } = client;

    public string? FindToken() => findToken();

    /// <summary>The address of a path at the API. The host is always the API's, whatever the path is.</summary>
    public Uri UriOf(string pathAndQuery) => new(_base + pathAndQuery);

    /// <summary>A redirect inside of the API leads to the proxy again.</summary>
    public string Rewrite(string location, HttpContext context) =>
        location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal) && api.AbsolutePath == "/" ? prefix + location
        : location == _base || location.StartsWith(_base + "/", StringComparison.OrdinalIgnoreCase) ? $"http://{context.Request.Host}{prefix}{location[_base.Length..]}"
        : location;
}
