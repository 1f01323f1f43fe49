using System.Text.Json.Nodes;

namespace DpopHttp.Proofs;

/// <summary>Makes the proofs of one client.</summary>
internal sealed class ProofFactory(TimeProvider time, Func<HttpRequestMessage, string?>? htuOverride, IDictionary<string, JsonNode?> additionalClaims)
{
    private readonly KeyValuePair<string, JsonNode?>[]? _additional = additionalClaims.Count == 0
        ? null
        : [.. additionalClaims.Select(claim => KeyValuePair.Create(claim.Key, claim.Value?.DeepClone()))];

    /// <summary>In place.</summary>
    /// <param name="key">Signs it.</param>
    /// <param name="request">The request that it is for.</param>
    /// <param name="authority">See <see cref="TargetUri.AuthorityOf(HttpRequestMessage)"/>.</param>
    /// <param name="accessTokenHash">ath, or null without a token.</param>
    /// <param name="nonce">nonce, or null.</param>
    /// <param name="clockOffset">Added to our time.</param>
    public string Create(DpopKey key, HttpRequestMessage request, string authority, string? accessTokenHash, string? nonce, TimeSpan clockOffset) =>
        ProofWriter.Write(key, Claims(request, authority, accessTokenHash, nonce, clockOffset));

    /// <summary>As <see cref="Create"/>, awaiting the signature of a key behind a <see cref="DpopSigner"/>.</summary>
    public ValueTask<string> CreateAsync(
        DpopKey key, HttpRequestMessage request, string authority, string? accessTokenHash, string? nonce, TimeSpan clockOffset, CancellationToken cancellationToken) =>
        ProofWriter.WriteAsync(key, Claims(request, authority, accessTokenHash, nonce, clockOffset), cancellationToken);

    private ProofClaims Claims(HttpRequestMessage request, string authority, string? accessTokenHash, string? nonce, TimeSpan clockOffset)
    {
        string? htu = htuOverride?.Invoke(request);
        long now = (time.GetUtcNow() + clockOffset).ToUnixTimeSeconds();
        return new ProofClaims(
            MethodOnTheWire.Of(request.Method), htu ?? authority, htu is null ? TargetUri.PathOf(request.RequestUri!) : "", now, accessTokenHash, nonce, _additional);
    }
}
