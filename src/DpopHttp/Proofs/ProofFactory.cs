using System.Text.Json.Nodes;

namespace DpopHttp.Proofs;

/// <summary>Makes the proofs of one client.</summary>
internal sealed class ProofFactory(TimeProvider time, Func<HttpRequestMessage, string?>? htuOverride, IDictionary<string, JsonNode?> additionalClaims)
{
    private readonly KeyValuePair<string, JsonNode?>[]? _additional = additionalClaims.Count == 0
        ? null
        : [.. additionalClaims.Select(claim => KeyValuePair.Create(claim.Key, claim.Value?.DeepClone()))];

    /// <summary>In place.</summary>
    public string Create(DpopKey key, HttpRequestMessage request, string? accessTokenHash, string? nonce, TimeSpan clockOffset) =>
        ProofWriter.Write(key, Claims(request, accessTokenHash, nonce, clockOffset));

    /// <summary>As <see cref="Create"/>, awaiting the signature of a key behind a <see cref="DpopSigner"/>.</summary>
    public ValueTask<string> CreateAsync(
        DpopKey key, HttpRequestMessage request, string? accessTokenHash, string? nonce, TimeSpan clockOffset, CancellationToken cancellationToken) =>
        ProofWriter.WriteAsync(key, Claims(request, accessTokenHash, nonce, clockOffset), cancellationToken);

    private ProofClaims Claims(HttpRequestMessage request, string? accessTokenHash, string? nonce, TimeSpan clockOffset)
    {
        string htu = htuOverride?.Invoke(request) ?? TargetUri.Of(request);
        long now = (time.GetUtcNow() + clockOffset).ToUnixTimeSeconds();
        return new ProofClaims(MethodOnTheWire.Of(request.Method), htu, now, accessTokenHash, nonce, _additional);
    }
}
