using System.Net;

namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>A user's browser: it keeps cookies and follows redirects, as far as the page.</summary>
internal sealed class Visitor(Uri app, Func<string> faults) : IDisposable
{
    private const int RedirectLimit = 12;

    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    /// <summary>Where each redirect led to.</summary>
    public List<Uri> Visited { get; } = [];

    /// <summary>The cookies as they are now, as a header has them.</summary>
    public string Cookies => string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"));

    /// <summary>The cookies as they are now, for another visitor to come with, or to come to another instance with.</summary>
    public Visitor Copy(Uri? other = null)
    {
        Visitor copy = new(other ?? app, faults);
        foreach ((string name, string value) in _cookies)
        {
            copy._cookies[name] = value;
        }

        return copy;
    }

    public async Task<(HttpStatusCode Status, string Text)> OpenAsync(string path, bool isPage = true, CancellationToken cancellationToken = default)
    {
        Uri uri = new(app, path);
        for (int i = 0; i < RedirectLimit; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, uri);
            request.Headers.Add("Sec-Fetch-Mode", isPage ? "navigate" : "cors");
            request.Headers.TryAddWithoutValidation("Cookie", Cookies);
            using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
            Keep(response);
            if (response.Headers.Location is not { } location)
            {
                return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
            }

            uri = new Uri(uri, location);
            Visited.Add(uri);
        }

        throw new InvalidOperationException($"More than {RedirectLimit} redirects; the last to {uri.GetLeftPart(UriPartial.Path)}.");
    }

    public async Task<string> ReadAsync(string path)
    {
        (HttpStatusCode status, string text) = await OpenAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path} answered {(int)status}: {text} {faults()}");
        return text;
    }

    public void Dispose() => _client.Dispose();

    // All servers are on one host, so that their cookies need no telling apart.
    private void Keep(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies))
        {
            return;
        }

        foreach (string[] pair in cookies.Select(cookie => cookie.Split(';')[0].Split('=', 2)))
        {
            if (pair[1].Length == 0)
            {
                _cookies.Remove(pair[0]);
            }
            else
            {
                _cookies[pair[0]] = pair[1];
            }
        }
    }
}
