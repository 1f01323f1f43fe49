using System.Text.Json;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>Verifies proofs with jose: signature, typ, jwk, jti, iat, htm, htu, ath and nonce.</summary>
internal sealed class JoseVerifier : IAsyncDisposable
{
    private readonly NodeProcess _node;
    private int _lastId;

    private JoseVerifier(NodeProcess node) => _node = node;

    public static async Task<JoseVerifier> StartAsync() => new(await NodeProcess.StartAsync("verify.mjs"));

    /// <summary>Verifies a proof for a request.</summary>
    /// <param name="proof">The value of the DPoP header.</param>
    /// <param name="method">The method as on the wire.</param>
    /// <param name="uri">The request's URI; its query does not matter.</param>
    /// <param name="accessToken">The token that went along; when null, the proof must have no ath.</param>
    /// <param name="nonce">The nonce that the proof must have; when null, any or none will do.</param>
    public async Task<JoseVerdict> VerifyAsync(string proof, HttpMethod method, Uri uri, string? accessToken = null, string? nonce = null)
    {
        int id = Interlocked.Increment(ref _lastId);
        JsonElement answer = await _node.AskAsync(new
        {
            Id = id,
            Proof = proof,
            Method = method.Method,
            Url = uri.AbsoluteUri,
            AccessToken = accessToken,
            Nonce = nonce,
        });
        Assert.Equal(id, answer.GetProperty("id").GetInt32());
        return answer.Deserialize<JoseVerdict>(JsonSerializerOptions.Web)!;
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
