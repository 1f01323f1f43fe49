using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Proxies;

/// <summary>The API behind the proxy.</summary>
/// <param name="api">Its address; a path in it is put before the path of each request.</param>
/// <param name="client">Sends with proofs.</param>
/// <param name="timeout">How long the API may take to answer.</param>
/// <param name="authorize">Puts the access token on a request. Null when the client has tokens of its own.</param>
/// <param name="prefix">What the proxy's paths begin with.</param>
internal sealed class ProxyTarget(Uri api, HttpClient client, TimeSpan timeout, Func<HttpRequestMessage, CancellationToken, Task>? authorize, string prefix)
{
    private readonly string _origin = api.GetLeftPart(UriPartial.Authority);
    private readonly string _path = api.AbsolutePath.TrimEnd('/');

    public TimeSpan Timeout { get; } = timeout;

    public HttpClient Client { get; } = client;

    public Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken) => authorize?.Invoke(request, cancellationToken) ?? Task.CompletedTask;

    /// <summary>The address of a path at the API. The host is always the API's, since the path begins with a slash.</summary>
    public Uri UriOf(string pathAndQuery) => new(_origin + _path + pathAndQuery);

    /// <summary>A redirect below the API's address leads to the proxy again, and another to where the API means it to lead.</summary>
    /// <param name="location">The Location of an answer.</param>
    /// <param name="requested">What was requested of the API, which a relative one belongs to.</param>
    /// <param name="context">The request to the proxy.</param>
    public string Rewrite(string location, Uri requested, HttpContext context)
    {
        if (!Uri.TryCreate(requested, location, out Uri? target) || target.GetLeftPart(UriPartial.Authority) != _origin)
        {
            return location;
        }

        if (target.AbsolutePath != _path && !target.AbsolutePath.StartsWith(_path + '/', StringComparison.Ordinal))
        {
            return target.AbsoluteUri;
        }

        string host = location.StartsWith('/') && !location.StartsWith("//", StringComparison.Ordinal) ? "" : $"http://{context.Request.Host}";
        return $"{host}{prefix}{target.AbsolutePath[_path.Length..]}{target.Query}{target.Fragment}";
    }
}
