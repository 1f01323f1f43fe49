using DpopHttp.Interop.Tests.Servers;

namespace DpopHttp.Interop.Tests;

/// <summary>Proofs of every algorithm, verified by jose.</summary>
public class AlgorithmTests(NodeServers servers)
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    public async Task Jose_verifies_the_proof_and_computes_the_same_thumbprint(string algorithm)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        Uri uri = new("https://api.example.com/caf\u00e9/%2F?query#fragment");
        string proof = DpopProof.Create(key, HttpMethod.Patch, uri, "token", "nonce-1");
        JoseVerdict verdict = await servers.Verifier.VerifyAsync(proof, HttpMethod.Patch, new Uri("https://api.example.com/caf%C3%A9/%2F"), "token", "nonce-1");
        Assert.True(verdict.Ok, verdict.Error);
        Assert.Equal((algorithm, key.Thumbprint), (verdict.Alg, verdict.Thumbprint));

        JoseVerdict wrong = await servers.Verifier.VerifyAsync(proof, HttpMethod.Patch, new Uri("https://api.example.com/"), "token", "nonce-1");
        Assert.False(wrong.Ok);
    }
}
