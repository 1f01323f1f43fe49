using System.Net;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>The authorization server's metadata (OpenID Connect Discovery 1.0, RFC 8414), read once a day.</summary>
internal sealed class AuthorizationServer(Uri authority, Func<HttpMessageInvoker> http, bool requireHttps)
{
    private readonly DiscoveryCache _openId = Cache(authority, http, requireHttps, path: null);
    private readonly DiscoveryCache _oauth = Cache(authority, http, requireHttps, "/.well-known/oauth-authorization-server");

    /// <summary>The token endpoint for the key.</summary>
    /// <exception cref="HttpRequestException">The metadata cannot be had at this time.</exception>
    /// <exception cref="DpopTokenException">The metadata is unusable, or the server does not take proofs of the key's algorithm.</exception>
    public async Task<TokenTarget> LocateAsync(DpopKey key)
    {
        DiscoveryDocumentResponse metadata = await _openId.GetAsync().ConfigureAwait(false);
        if (metadata is { IsError: true, HttpStatusCode: HttpStatusCode.NotFound })
        {
            metadata = await _oauth.GetAsync().ConfigureAwait(false);
        }

        if (metadata.IsError)
        {
            throw metadata.ErrorType == ResponseErrorType.PolicyViolation
                ? TokenErrors.MetadataUnusable(authority, metadata.Error)
                : new HttpRequestException($"The metadata of {authority} cannot be read: {metadata.Error}", metadata.Exception, metadata.HttpResponse?.StatusCode);
        }

        if (!Uri.TryCreate(metadata.TokenEndpoint, UriKind.Absolute, out Uri? endpoint))
        {
            throw TokenErrors.MetadataUnusable(authority, "it has no token_endpoint");
        }

        string[] algorithms = [.. metadata.DPoPSigningAlgorithmsSupported];
        return algorithms.Length == 0 || algorithms.Contains(key.Algorithm)
            ? new TokenTarget(endpoint, metadata.Issuer ?? authority.AbsoluteUri, key)
            : throw TokenErrors.AlgorithmNotSupported(authority, key, algorithms);
    }

    private static DiscoveryCache Cache(Uri authority, Func<HttpMessageInvoker> http, bool requireHttps, string? path)
    {
        // An issuer's endpoints may be on other hosts: RFC 8414 binds them by the issuer that the document names.
        DiscoveryPolicy policy = new() { RequireHttps = requireHttps, ValidateEndpoints = false, RequireKeySet = false };
        policy.DiscoveryDocumentPath = path ?? policy.DiscoveryDocumentPath;
        return new DiscoveryCache(authority.AbsoluteUri.TrimEnd('/'), http, policy);
    }
}
