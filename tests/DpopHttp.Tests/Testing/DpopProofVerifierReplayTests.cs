using DpopHttp.Testing;
using Xunit;
using static DpopHttp.Tests.Testing.ProofBench;

namespace DpopHttp.Tests.Testing;

/// <summary>RFC 9449 section 11.1.</summary>
public sealed class DpopProofVerifierReplayTests : IDisposable
{
    private readonly ProofBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Verify_SameProofTwice_FailsReplay()
    {
        string proof = _bench.Proof().ToString();

        AssertValid(_bench.Verify(proof));
        AssertFails(DpopProofCheck.Replay, _bench.Verify(proof), "used before");
    }

    [Fact]
    public void Verify_SameProofAtTheEndOfTheWindow_StillFailsReplay()
    {
        string proof = _bench.Proof().ToString();
        AssertValid(_bench.Verify(proof));

        _bench.Clock.Advance(TimeSpan.FromSeconds(60));

        AssertFails(DpopProofCheck.Replay, _bench.Verify(proof), "used before");
    }

    [Fact]
    public void Verify_SameJtiOfAnotherKey_Passes()
    {
        using HandmadeKey other = HandmadeKey.Create();
        HandmadeProof first = _bench.Proof();
        HandmadeProof second = _bench.Proof(key: other);
        second.Claims["jti"] = (string?)first.Claims["jti"];

        AssertValid(_bench.Verify(first));
        AssertValid(_bench.Verify(second));
    }

    [Fact]
    public void Verify_ProofThatFailedBefore_IsNotRemembered()
    {
        string proof = _bench.Proof().ToString();

        AssertFails(DpopProofCheck.Uri, _bench.Verify(proof, "https://api.example.com/other"), "htu");
        AssertValid(_bench.Verify(proof));
    }

    [Fact]
    public void Verify_DetectionOff_AcceptsTheSameProofTwice()
    {
        using ProofBench bench = new() { Verifier = new DpopProofVerifier { TimeProvider = _bench.Clock, DetectReplays = false } };
        string proof = bench.Proof().ToString();

        AssertValid(bench.Verify(proof));
        AssertValid(bench.Verify(proof));
    }

    [Fact]
    public void Verify_ProofsThatLeftTheWindow_AreForgotten()
    {
        HandClock clock = new(_bench.Clock.GetUtcNow());
        using ProofBench bench = new() { Verifier = new DpopProofVerifier { TimeProvider = clock } };
        string proof = bench.Proof().ToString();
        HandmadeProof later = bench.Proof();
        later.Claims["iat"] = clock.Now.AddSeconds(61).ToUnixTimeSeconds();
        AssertValid(bench.Verify(proof));

        // Turning the clock back is the only way to see from outside that the memory was freed.
        clock.Now += TimeSpan.FromSeconds(61);
        AssertValid(bench.Verify(later));
        clock.Now -= TimeSpan.FromSeconds(61);

        AssertValid(bench.Verify(proof));
    }

    [Fact]
    public async Task Verify_SameProofFromManyThreads_PassesOnce()
    {
        string proof = _bench.Proof().ToString();

        DpopProofResult[] results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _bench.Verify(proof))));

        Assert.Single(results, r => r.IsValid);
        Assert.Equal(63, results.Count(r => r.FailedCheck == DpopProofCheck.Replay));
    }

    private sealed class HandClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
