using System.Text.Json.Nodes;

namespace DpopHttp.Proofs;

/// <summary>Makes the proofs of one client.</summary>
/// <param name="time">Gives iat.</param>
/// <param name="htuOverride">Gives htu in place of the request's URI, or null.</param>
/// <param name="lifetime">How long after iat exp is; null: no exp.</param>
/// <param name="additionalClaims">Further claims for every proof.</param>
/// <param name="configure">Adds to each proof, or null.</param>
internal sealed class ProofFactory(
    TimeProvider time, Func<HttpRequestMessage, string?>? htuOverride, TimeSpan? lifetime, IDictionary<string, JsonNode?> additionalClaims, Action<DpopProofBuilder>? configure)
{
    private readonly long? _lifetime = (long?)lifetime?.TotalSeconds;

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
        ProofClaims claims = new(
            MethodOnTheWire.Of(request.Method), htu ?? authority, htu is null ? TargetUri.PathOf(request.RequestUri!) : "", now, accessTokenHash, nonce, now + _lifetime, _additional);
        return configure is null ? claims : Configured(claims, request);
    }

    private ProofClaims Configured(in ProofClaims claims, HttpRequestMessage request)
    {
        DpopProofBuilder proof = new(request, claims.IssuedAt);
        foreach ((string name, JsonNode? value) in _additional ?? [])
        {
            proof.Claims[name] = value;
        }

        if (claims.ExpiresAt is { } expiresAt)
        {
            proof.Claims[ProofClaims.Expiry] = expiresAt;
        }

        configure!(proof);
        return claims with { ExpiresAt = null, Additional = proof.Claims, HeaderMembers = proof.HeaderMembers };
    }
}
