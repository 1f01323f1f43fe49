using System.Net;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>The authorization server's metadata (OpenID Connect Discovery 1.0, RFC 8414), read once a day.</summary>
internal sealed class AuthorizationServer(Uri authority, Func<HttpMessageInvoker> http, bool requireHttps, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromDays(1);

    /// <summary>While there is older metadata: the token request of the same attempt needs time as well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string _issuer = authority.AbsoluteUri.TrimEnd('/');
    private Known? _known;

    /// <summary>The token endpoint for the key.</summary>
    /// <exception cref="HttpRequestException">The metadata cannot be had at this time.</exception>
    /// <exception cref="DpopTokenException">The metadata is unusable, or the server does not take proofs of the key's algorithm.</exception>
    public async Task<TokenTarget> LocateAsync(DpopKey key, CancellationToken cancellationToken)
    {
        DiscoveryDocumentResponse metadata = await GetAsync(cancellationToken).ConfigureAwait(false);
        if (!Uri.TryCreate(metadata.TokenEndpoint, UriKind.Absolute, out Uri? endpoint))
        {
            throw TokenErrors.MetadataUnusable(authority, "it has no token_endpoint");
        }

        if (authority.Scheme == Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttps)
        {
            // Whoever lets a client call its API over http has not said so of the client's secrets.
            throw TokenErrors.MetadataUnusable(authority, $"its token_endpoint {endpoint.GetLeftPart(UriPartial.Path)} is not https");
        }

        string[] algorithms = [.. metadata.DPoPSigningAlgorithmsSupported];
        return algorithms.Length == 0 || algorithms.Contains(key.Algorithm)
            ? new TokenTarget(endpoint, metadata.Issuer ?? authority.AbsoluteUri, key)
            : throw TokenErrors.AlgorithmNotSupported(authority, key, algorithms);
    }

    private async Task<DiscoveryDocumentResponse> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } fresh && time.GetUtcNow() < fresh.ReadAt + Freshness)
        {
            return fresh.Metadata;
        }

        using CancellationTokenSource patience = new(_known is null ? Timeout.InfiniteTimeSpan : Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        DiscoveryDocumentResponse metadata;
        try
        {
            metadata = await ReadAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_known is not null && !cancellationToken.IsCancellationRequested)
        {
            return _known.Metadata;
        }

        if (!metadata.IsError)
        {
            _known = new Known(metadata, time.GetUtcNow());
            return metadata;
        }

        if (metadata.ErrorType == ResponseErrorType.PolicyViolation)
        {
            throw TokenErrors.MetadataUnusable(authority, metadata.Error);
        }

        // Endpoints hardly ever move: what is known serves until the server can be asked again.
        return _known?.Metadata
            ?? throw new HttpRequestException($"The metadata of {authority} cannot be read: {metadata.Error}", metadata.Exception, metadata.HttpResponse?.StatusCode);
    }

    private async Task<DiscoveryDocumentResponse> ReadAsync(CancellationToken cancellationToken)
    {
        const string OpenId = "/.well-known/openid-configuration", OAuth = "/.well-known/oauth-authorization-server";
        DiscoveryDocumentResponse metadata = await ReadAsync(new Uri(_issuer + OpenId), cancellationToken).ConfigureAwait(false);

        // RFC 8414 section 3.1 puts its path between the host and the issuer's own path, where OpenID Connect puts it behind both.
        return metadata is { IsError: true, HttpStatusCode: HttpStatusCode.NotFound }
            ? await ReadAsync(new Uri(authority, OAuth + authority.AbsolutePath.TrimEnd('/')), cancellationToken).ConfigureAwait(false)
            : metadata;
    }

    private async Task<DiscoveryDocumentResponse> ReadAsync(Uri document, CancellationToken cancellationToken)
    {
        using DiscoveryDocumentRequest request = new()
        {
            Address = document.AbsoluteUri,
            Policy = new DiscoveryPolicy
            {
                Authority = _issuer,
                DiscoveryDocumentPath = document.AbsolutePath,
                RequireHttps = requireHttps,
                RequireKeySet = false,

                // An issuer's endpoints may be on other hosts: RFC 8414 binds them by the issuer that the document names.
                ValidateEndpoints = false,
            },
        };
        return await http().GetDiscoveryDocumentAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private sealed record Known(DiscoveryDocumentResponse Metadata, DateTimeOffset ReadAt);
}
