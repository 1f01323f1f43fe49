using System.Text.Json.Nodes;
using DpopHttp.Tests.Handmade;
using static DpopHttp.Verification.Tests.ProofBench;

namespace DpopHttp.Verification.Tests;

/// <summary>exp, nbf, and a nonce in the place of a clock.</summary>
public sealed class VerifierLifetimeTests : IDisposable
{
    private readonly ProofBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("exp", "1800000060", true)]
    [InlineData("exp", "1799999995", true)]
    [InlineData("exp", "1799999994", false)]
    [InlineData("exp", "\"1800000060\"", false)]
    [InlineData("exp", "null", false)]
    [InlineData("nbf", "1799999990", true)]
    [InlineData("nbf", "1800000005", true)]
    [InlineData("nbf", "1800000006", false)]
    [InlineData("nbf", "1e999", false)]
    [InlineData("nbf", "{}", false)]
    public void Verify_ExpOrNbf_IsHonoured(string claim, string json, bool accepted)
    {
        HandmadeProof proof = _bench.Proof();
        string claims = proof.Claims.ToJsonString()[..^1] + $",\"{claim}\":{json}}}";

        DpopProofResult result = _bench.Verify(proof.Compact(proof.Header.ToJsonString(), claims));

        Assert.Equal(accepted ? null : DpopProofCheck.Lifetime, result.FailedCheck);
    }

    [Fact]
    public void Verify_UnknownMembers_AreIgnored()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header["x"] = new JsonArray(1, 2);
        proof.Claims["y"] = new JsonObject { ["z"] = null };
        proof.Jwk["kid"] = "1";
        proof.Jwk["use"] = "sig";

        AssertValid(_bench.Verify(proof));
    }

    [Fact]
    public void Verify_B64Header_FailsWellFormed()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header["b64"] = true;

        AssertFails(DpopProofCheck.WellFormed, _bench.Verify(proof), "b64");
    }

    [Theory]
    [InlineData("ES256", "{}", DpopProofCheck.Signature, "kty")]
    [InlineData("ES256", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}", DpopProofCheck.Signature, "'OKP'")]
    [InlineData("ES256", "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}", DpopProofCheck.Signature, "'AKP'")]
    [InlineData("ML-DSA-44", "{\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AA\"}", DpopProofCheck.Algorithm, "'ML-DSA-44'")]
    [InlineData("Ed25519", "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}", DpopProofCheck.Algorithm, "'Ed25519'")]
    public void Verify_KeyOfAnotherKind_IsRefusedByName(string algorithm, string jwk, DpopProofCheck check, string description)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header["alg"] = algorithm;
        proof.Header["jwk"] = JsonNode.Parse(jwk);

        AssertFails(check, _bench.Verify(proof), description);
    }

    [Theory]
    [InlineData(-3600, null, DpopProofCheck.Nonce)]
    [InlineData(3600, null, DpopProofCheck.Nonce)]
    [InlineData(0, null, null)]
    [InlineData(-3600, "good", null)]
    [InlineData(3600, "good", null)]
    [InlineData(0, "good", null)]
    [InlineData(0, "bad", DpopProofCheck.Nonce)]
    [InlineData(3600, "bad", DpopProofCheck.Nonce)]
    public void Verify_NonceThatStandsForTheClock_IsNeededWhenTheClockDiffers(int seconds, string? nonce, DpopProofCheck? failed)
    {
        DpopProofResult result = _bench.Verify(ClockContext(seconds, nonce, isNonceRequired: false));

        Assert.Equal(failed, result.FailedCheck);
    }

    [Fact]
    public void Verify_ProofWhoseNonceStandsForTheClock_IsRememberedAsLongAsTheNonceIsGood()
    {
        DpopProofContext context = ClockContext(-3600, "good", isNonceRequired: false);
        AssertValid(_bench.Verify(context));

        _bench.Clock.Advance(context.NonceLifetime);

        AssertFails(DpopProofCheck.Replay, _bench.Verify(context), "used before");
    }

    [Fact]
    public void Verify_Mismatches_ShowWhatWasSeenAndClaimedWithoutQuery()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims["htu"] = "https://api.example.com/o\n?secret=1";

        DpopProofResult result = _bench.Verify(proof);

        Assert.Equal((ProofBench.Uri, "https://api.example.com/o?"), (result.Seen, result.Claimed));
        Assert.DoesNotContain("secret", result.Description, StringComparison.Ordinal);
        Assert.Equal("RFC 9449 section 4.3, item 9", result.Section);
    }

    [Fact]
    public void Verify_MoreKeysThanAreKept_StillVerifiesEach()
    {
        using ProofBench bench = new() { Verifier = new DpopProofVerifier { TimeProvider = _bench.Clock, MaximumCachedKeys = 2 } };
        HandmadeKey[] keys = [.. Enumerable.Range(0, 6).Select(_ => HandmadeKey.Create())];
        for (int round = 0; round < 3; round++)
        {
            Assert.All(keys, key => AssertValid(bench.Verify(bench.Proof(key: key))));
        }

        Array.ForEach(keys, key => key.Dispose());
    }

    [Fact]
    public void GetSection_EveryCheck_HasOne() =>
        Assert.All(Enum.GetValues<DpopProofCheck>(), check => Assert.StartsWith("RFC ", check.GetSection(), StringComparison.Ordinal));

    private DpopProofContext ClockContext(int seconds, string? nonce, bool isNonceRequired)
    {
        HandmadeProof proof = _bench.Proof(nonce: nonce);
        proof.Claims["iat"] = _bench.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
        return new DpopProofContext("GET", new Uri(ProofBench.Uri), [proof.ToString()])
        {
            AcceptNonce = presented => presented == "good",
            IsNonceRequired = isNonceRequired,
            NonceStandsForClock = true,
        };
    }
}
