using DpopHttp.Tests.Handmade;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Verification.Tests;

/// <summary>A verifier with a clock that stands still, and good proofs to spoil.</summary>
internal sealed class ProofBench : IDisposable
{
    public const string Uri = "https://api.example.com/orders";

    public ProofBench()
    {
        Verifier = new DpopProofVerifier { TimeProvider = Clock };
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    public HandmadeKey Key { get; } = HandmadeKey.Create();

    public DpopProofVerifier Verifier { get; init; }

    public HandmadeProof Proof(string? token = null, string? nonce = null, HandmadeKey? key = null) =>
        new(key ?? Key, "GET", Uri, Clock.GetUtcNow(), token, nonce);

    public DpopProofResult Verify(HandmadeProof proof, string uri = Uri) => Verify(proof.ToString(), uri);

    public DpopProofResult Verify(string proof, string uri = Uri) => Verify(new DpopProofContext("GET", new Uri(uri), [proof]));

    public DpopProofResult Verify(DpopProofContext context) => Verifier.Verify(context);

    public void Dispose() => Key.Dispose();

    public static void AssertValid(DpopProofResult result)
    {
        Assert.True(result.IsValid, result.ToString());
        Assert.Null(result.FailedCheck);
        Assert.Null(result.Description);
    }

    public static void AssertFails(DpopProofCheck check, DpopProofResult result, string description)
    {
        Assert.False(result.IsValid);
        Assert.Equal(check, result.FailedCheck);
        Assert.Contains(description, result.Description, StringComparison.Ordinal);
    }
}
