using DpopHttp.Tests.Handmade;
using Microsoft.Extensions.Time.Testing;
using static DpopHttp.Verification.Tests.ProofBench;

namespace DpopHttp.Verification.Tests;

/// <summary>RFC 9449 section 11.1.</summary>
public sealed class VerifierReplayTests : IDisposable
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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Verify_SameProofAtAnInstanceWhoseClockIsBehind_FailsReplayToTheEndOfItsWindow(bool nonceStandsForClock)
    {
        FakeTimeProvider behind = new(_bench.Clock.GetUtcNow() - _bench.Verifier.MaxFutureSkew);
        DpopMemoryReplayStore store = new(timeProvider: _bench.Clock);
        DpopProofVerifier first = new() { TimeProvider = _bench.Clock, ReplayStore = store };
        DpopProofVerifier second = new() { TimeProvider = behind, ReplayStore = store };
        TimeSpan lifetime = nonceStandsForClock ? TimeSpan.FromMinutes(5) : first.MaxAge;
        DpopProofContext context = new("GET", new Uri(ProofBench.Uri), [_bench.Proof(nonce: "n").ToString()])
        {
            AcceptNonce = nonceStandsForClock ? nonce => nonce == "n" : null,
            NonceStandsForClock = nonceStandsForClock,
            NonceLifetime = lifetime,
        };
        AssertValid(await first.VerifyAsync(context));

        // The last moment at which the other instance would take it.
        _bench.Clock.Advance(lifetime + first.MaxFutureSkew);
        behind.Advance(lifetime + first.MaxFutureSkew);

        AssertFails(DpopProofCheck.Replay, await second.VerifyAsync(context), "used before");
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
    public void Verify_NoReplayStore_AcceptsTheSameProofTwice()
    {
        using ProofBench bench = new() { Verifier = new DpopProofVerifier { TimeProvider = _bench.Clock, ReplayStore = null } };
        string proof = bench.Proof().ToString();

        AssertValid(bench.Verify(proof));
        AssertValid(bench.Verify(proof));
    }

    [Fact]
    public void Verify_SameJtiOfTheSameKeyForAnotherUri_Passes()
    {
        HandmadeProof first = _bench.Proof();
        HandmadeProof second = _bench.Proof();
        second.Claims["jti"] = (string?)first.Claims["jti"];
        second.Claims["htu"] = "https://api.example.com/other";

        AssertValid(_bench.Verify(first));
        AssertValid(_bench.Verify(second, "https://api.example.com/other"));
    }

    [Theory]
    [InlineData("é\u0000\uD83D\uDE00")]
    [InlineData(10_000)]
    public void Verify_OddJtiTwice_FailsReplay(object jti)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims["jti"] = jti is int length ? new string('j', length) : (string)jti;

        AssertValid(_bench.Verify(proof.ToString()));
        AssertFails(DpopProofCheck.Replay, _bench.Verify(proof.ToString()), "used before");
    }

    [Fact]
    public void Verify_SameProofWithItsUriWrittenInAnotherWay_FailsReplay()
    {
        string proof = _bench.Proof().ToString();

        AssertValid(_bench.Verify(proof));
        AssertFails(DpopProofCheck.Replay, _bench.Verify(proof, "HTTPS://API.example.com:443/%6frders?x"), "used before");
    }

    [Fact]
    public void Verify_RequestWithATimeOfItsOwn_IsRememberedByTheVerifiersClock()
    {
        DateTimeOffset arrived = _bench.Clock.GetUtcNow().AddMinutes(-10);
        HandmadeProof proof = _bench.Proof();
        proof.Claims["iat"] = arrived.ToUnixTimeSeconds();
        DpopProofContext context = new("GET", new Uri(ProofBench.Uri), [proof.ToString()]) { Time = arrived };

        AssertValid(_bench.Verify(context));
        AssertFails(DpopProofCheck.Replay, _bench.Verify(context), "used before");
    }

    [Fact]
    public async Task VerifyAsync_StoreThatAnswersLater_IsWaitedForAndVerifyThrows()
    {
        DpopProofVerifier verifier = new() { TimeProvider = _bench.Clock, ReplayStore = new SlowStore() };
        DpopProofContext context = new("GET", new Uri(ProofBench.Uri), [_bench.Proof().ToString()]);

        AssertValid(await verifier.VerifyAsync(context));
        AssertFails(DpopProofCheck.Replay, await verifier.VerifyAsync(context), "used before");
        Assert.Throws<InvalidOperationException>(() => verifier.Verify(context));
    }

    [Fact]
    public async Task VerifyAsync_FullStore_Throws()
    {
        DpopProofVerifier verifier = new() { TimeProvider = _bench.Clock, ReplayStore = new DpopMemoryReplayStore(1, _bench.Clock) };
        AssertValid(await verifier.VerifyAsync(new("GET", new Uri(ProofBench.Uri), [_bench.Proof().ToString()])));

        await Assert.ThrowsAsync<DpopReplayStoreException>(
            () => verifier.VerifyAsync(new("GET", new Uri(ProofBench.Uri), [_bench.Proof().ToString()])).AsTask());
    }

    [Fact]
    public async Task Verify_SameProofFromManyThreads_PassesOnce()
    {
        string proof = _bench.Proof().ToString();

        DpopProofResult[] results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => _bench.Verify(proof))));

        Assert.Single(results, r => r.IsValid);
        Assert.Equal(63, results.Count(r => r.FailedCheck == DpopProofCheck.Replay));
    }

    private sealed class SlowStore : DpopReplayStore
    {
        private readonly DpopMemoryReplayStore _memory = new();

        public override async ValueTask<bool> TryAddAsync(DpopReplayKey key, DateTimeOffset until, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return await _memory.TryAddAsync(key, DateTimeOffset.MaxValue, cancellationToken);
        }
    }
}
