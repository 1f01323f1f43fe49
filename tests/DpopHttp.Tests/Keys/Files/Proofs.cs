using DpopHttp.Testing;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>Whether a key is a working one.</summary>
internal static class Proofs
{
    /// <summary>A proof by it verifies, with the public key that its thumbprint names.</summary>
    public static void AssertWork(DpopKey key)
    {
        Uri uri = new("https://api.example.com/orders");
        DpopProofResult result = new DpopProofVerifier().Verify(new DpopProofContext("GET", uri, [DpopProof.Create(key, HttpMethod.Get, uri)]));
        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(key.Thumbprint, result.Thumbprint);
    }
}
