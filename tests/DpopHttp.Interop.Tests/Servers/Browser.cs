namespace DpopHttp.Interop.Tests.Servers;

/// <summary>What a user's browser does in the authorization code flow: it keeps cookies and follows redirects.</summary>
internal sealed class Browser : IDisposable
{
    private const int RedirectLimit = 10;

    private readonly HttpClient _client;

    public Browser(LoopbackCertificate? certificate = null)
    {
        SocketsHttpHandler handler = certificate?.CreateHandler() ?? new SocketsHttpHandler();
        handler.AllowAutoRedirect = false;
        _client = new HttpClient(handler);
    }

    /// <summary>Opens an authorization request and returns the callback, with its query, that the server redirects to.</summary>
    public async Task<Uri> AuthorizeAsync(Uri authorizationRequest)
    {
        Uri uri = authorizationRequest;
        for (int i = 0; i < RedirectLimit; i++)
        {
            using HttpResponseMessage response = await _client.GetAsync(uri);
            if (response.Headers.Location is not { } location)
            {
                string page = await response.Content.ReadAsStringAsync();
                throw new InvalidOperationException($"{uri} answered {(int)response.StatusCode} and no redirect: {page}");
            }

            uri = new Uri(uri, location);
            if (!string.Equals(uri.Authority, authorizationRequest.Authority, StringComparison.Ordinal))
            {
                return uri;
            }
        }

        throw new InvalidOperationException($"More than {RedirectLimit} redirects; the last to {uri}.");
    }

    public void Dispose() => _client.Dispose();
}
