using System.Net;
using DpopHttp.Shared;

namespace DpopHttp.Tokens.Endpoint.Metadata;

/// <summary>An authorization server's metadata (OpenID Connect Discovery 1.0, RFC 8414), read once a day.</summary>
internal sealed class MetadataSource(Uri authority, Func<HttpClient> createClient, TimeProvider time)
{
    private const string OpenIdPath = "/.well-known/openid-configuration", OAuthPath = "/.well-known/oauth-authorization-server";

    private static readonly TimeSpan Freshness = TimeSpan.FromDays(1);

    /// <summary>As long as an attempt at the token request may take.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>While there is older metadata: the token request of the same attempt needs time as well.</summary>
    private static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private Known? _known;
    private Task<ServerMetadata>? _reading;

    public Uri Authority => authority;

    /// <summary>What the server says of itself, if it takes proofs of the key.</summary>
    /// <exception cref="HttpRequestException">The metadata cannot be had at this time.</exception>
    /// <exception cref="DpopTokenException">The metadata is unusable, or the server doesn't take proofs of the key's algorithm.</exception>
    public async Task<ServerMetadata> GetAsync(DpopKey key, CancellationToken cancellationToken)
    {
        ServerMetadata metadata = await GetAsync(cancellationToken).ConfigureAwait(false);
        return metadata.Algorithms.Length == 0 || metadata.Algorithms.Contains(key.Algorithm)
            ? metadata
            : throw MetadataErrors.AlgorithmNotSupported(authority, key, metadata.Algorithms);
    }

    private async Task<ServerMetadata> GetAsync(CancellationToken cancellationToken)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            Task<ServerMetadata> reading = BeginOrJoin(out bool isJoined);
            try
            {
                return await reading.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException) when (isJoined && isFirst)
            {
                // One fault of the network counts once, for whoever began the read: the rest try again, together and once.
            }
        }
    }

    /// <summary>One read for all who need it now, which belongs to none of them.</summary>
    private Task<ServerMetadata> BeginOrJoin(out bool isJoined)
    {
        lock (_gate)
        {
            isJoined = false;
            if (_known is { } fresh && time.GetUtcNow() < fresh.ReadAt + Freshness)
            {
                return Task.FromResult(fresh.Metadata);
            }

            isJoined = _reading is { IsCompleted: false };
            return isJoined ? _reading! : _reading = SharedWork.Begin(ReadAnewAsync);
        }
    }

    private async Task<ServerMetadata> ReadAnewAsync()
    {
        Known? older = _known;
        using CancellationTokenSource timeout = new(older is null ? ReadTimeout : RefreshTimeout, time);
        try
        {
            ServerMetadata metadata = await ReadAsync(timeout.Token).ConfigureAwait(false);
            _known = new Known(metadata, time.GetUtcNow());
            return metadata;
        }
        catch (Exception) when (older is not null)
        {
            // Endpoints hardly ever move: what is known serves until the server can be asked again.
            return older.Metadata;
        }
    }

    private async Task<ServerMetadata> ReadAsync(CancellationToken cancellationToken)
    {
        // RFC 8414 section 3.1 puts its path between the host and the issuer's own path, where OpenID Connect puts it behind both.
        string path = authority.AbsolutePath.TrimEnd('/');
        List<MetadataDocument> faulty = [];
        foreach (Uri address in (Uri[])[new(authority, path + OpenIdPath), new(authority, OAuthPath + path)])
        {
            MetadataDocument document = await ReadAsync(address, cancellationToken).ConfigureAwait(false);
            if (document.Metadata is { } metadata)
            {
                return metadata;
            }

            if (document.IsTransient)
            {
                throw MetadataErrors.Unreachable(authority, document);
            }

            faulty.Add(document);
        }

        throw MetadataErrors.Unusable(authority, faulty);
    }

    private async Task<MetadataDocument> ReadAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using HttpClient http = createClient();
            using HttpResponseMessage response = await http.GetAsync(address, cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK
                ? MetadataDocument.Parse(address, authority, await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false))
                : new MetadataDocument(address, null, $"status {(int)response.StatusCode}", IsTransient(response.StatusCode));
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return new MetadataDocument(address, null, "the answer is too large");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new MetadataDocument(address, null, "no answer in time", IsTransient: true);
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private sealed record Known(ServerMetadata Metadata, DateTimeOffset ReadAt);
}
