using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>
/// Puts the client's identifier and secret into the Authorization header (RFC 6749 section 2.3.1), inside of the factory's logging: up to 10.0 that
/// hides header values in its text and not in its structured state.
/// </summary>
internal sealed class ClientSecretHandler(string clientId, string clientSecret) : DelegatingHandler
{
    private readonly BasicAuthenticationOAuthHeaderValue _credentials = new(clientId, clientSecret);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _credentials;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Headers.Authorization = null;
        }
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = _credentials;
        try
        {
            return base.Send(request, cancellationToken);
        }
        finally
        {
            request.Headers.Authorization = null;
        }
    }
}
