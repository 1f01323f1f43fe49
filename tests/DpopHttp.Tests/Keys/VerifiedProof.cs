using DpopHttp.Testing;

namespace DpopHttp.Tests.Keys;

/// <summary>Checks proofs with the verifier for tests, which shares no code with the library.</summary>
internal static class VerifiedProof
{
    public const string AccessToken = "access-token";

    public static readonly Uri Uri = new("https://api.example.com/orders");

    /// <summary>The key is the one expected, and a proof that it makes is good for it.</summary>
    public static void AssertMadeBy(KeyMaterial expected, DpopKey key)
    {
        Assert.Equal((expected.Algorithm, expected.Thumbprint), (key.Algorithm, key.Thumbprint));
        AssertSignedBy(expected, DpopProof.Create(key, HttpMethod.Get, Uri, AccessToken));
    }

    public static void AssertSignedBy(KeyMaterial expected, string? proof, DpopProofVerifier? verifier = null)
    {
        Assert.NotNull(proof);
        DpopProofResult result = (verifier ?? new DpopProofVerifier()).Verify(new DpopProofContext("GET", Uri, [proof])
        {
            AccessToken = AccessToken,
            BoundThumbprint = expected.Thumbprint,
        });
        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(expected.Algorithm, result.Header["alg"].GetString());
    }
}
