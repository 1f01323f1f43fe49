using System.Text.Json.Nodes;

namespace DpopHttp.Proofs;

/// <summary>Makes the proofs of one client.</summary>
internal sealed class ProofFactory
{
    private readonly TimeProvider _time;
    private readonly Func<HttpRequestMessage, string?>? _htuOverride;
    private readonly KeyValuePair<string, JsonNode?>[]? _additional;

    public ProofFactory(DpopOptions options)
    {
        _time = options.TimeProvider ?? TimeProvider.System;
        _htuOverride = options.HtuOverride;
        _additional = options.AdditionalClaims.Count == 0
            ? null
            : [.. options.AdditionalClaims.Select(c => KeyValuePair.Create(c.Key, c.Value?.DeepClone()))];
    }

    public ValueTask<string> CreateAsync(
        DpopKey key, HttpRequestMessage request, string? accessTokenHash, string? nonce, TimeSpan clockOffset, bool async, CancellationToken cancellationToken)
    {
        string htu = _htuOverride?.Invoke(request) ?? TargetUri.Of(request);
        long now = (_time.GetUtcNow() + clockOffset).ToUnixTimeSeconds();
        ProofClaims claims = new(DpopProof.MethodOnTheWire(request.Method), htu, now, accessTokenHash, nonce, _additional);
        return async && !key.SignsInProcess
            ? ProofWriter.WriteAsync(key, claims, cancellationToken)
            : new ValueTask<string>(ProofWriter.Write(key, claims));
    }
}
