using System.Text;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Handmade;
using static DpopHttp.Verification.Tests.ProofBench;

namespace DpopHttp.Verification.Tests;

/// <summary>What counts as one well-formed JWT.</summary>
public sealed class VerifierFormTests : IDisposable
{
    private readonly ProofBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("", "1 parts")]
    [InlineData("a.b", "2 parts")]
    [InlineData("a.b.c.d", "4 parts")]
    [InlineData("a.e30.e30", "Part 1")]
    [InlineData("e30.e+0.e30", "Part 2")]
    [InlineData("e30.e30.e30=", "Part 3")]
    [InlineData("e30.e30. e30", "Part 3")]
    [InlineData("e30.e31.e30", "Part 2")]
    [InlineData("..", "JSON object")]
    [InlineData("W10.e30.e30", "JSON object")]
    [InlineData("e30.W10.e30", "JSON object")]
    public void Verify_NoCompactJwt_FailsWellFormed(string proof, string description) =>
        AssertFails(DpopProofCheck.WellFormed, _bench.Verify(proof), description);

    [Fact]
    public void Verify_TwoProofsJoinedByAComma_FailsWellFormed() =>
        AssertFails(DpopProofCheck.WellFormed, _bench.Verify($"{_bench.Proof()}, {_bench.Proof()}"), "5 parts");

    [Theory]
    [InlineData("{\"typ\":\"dpop+jwt\",\"typ\":\"dpop+jwt\"}")]
    [InlineData("{\"typ\":\"dpop+jwt\",\"\\u0074yp\":\"dpop+jwt\"}")]
    [InlineData("{\"typ\":\"dpop+jwt\",\"jwk\":{\"x\":\"1\",\"x\":\"1\"}}")]
    [InlineData("{\"typ\":\"\\ud800\"}")]
    [InlineData("{\"typ\":[\"\\ud800\"]}")]
    [InlineData("{\"jwk\":{\"\\ud800\":1}}")]
    [InlineData("{\"typ\":\"dpop+jwt\",}")]
    [InlineData("{} {}")]
    public void Verify_AmbiguousJson_FailsWellFormedInHeaderAndPayload(string json)
    {
        HandmadeProof proof = _bench.Proof();

        AssertFails(DpopProofCheck.WellFormed, _bench.Verify(proof.Compact(json, proof.Claims.ToJsonString())), "JSON object");
        AssertFails(DpopProofCheck.WellFormed, _bench.Verify(proof.Compact(proof.Header.ToJsonString(), json)), "JSON object");
    }

    [Fact]
    public void Verify_BytesThatAreNotUtf8_FailsWellFormed()
    {
        HandmadeProof proof = _bench.Proof();
        byte[] claims = Encoding.UTF8.GetBytes(proof.Claims.ToJsonString().Replace("\"GET\"", "\"G#T\"", StringComparison.Ordinal));
        claims[claims.IndexOf((byte)'#')] = 0xFF;

        AssertFails(
            DpopProofCheck.WellFormed,
            _bench.Verify(proof.Compact(Encoding.UTF8.GetBytes(proof.Header.ToJsonString()), claims)),
            "JSON object");
    }

    [Fact]
    public void Verify_CritHeader_FailsWellFormed()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header["crit"] = new JsonArray("b64");

        AssertFails(DpopProofCheck.WellFormed, _bench.Verify(proof), "crit");
    }

    [Theory]
    [InlineData(11_000, null)]
    [InlineData(13_000, DpopProofCheck.WellFormed)]
    public void Verify_LongProof_FailsWellFormedBeyond16Kilobytes(int padding, DpopProofCheck? failed)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims["padding"] = new string('x', padding);

        Assert.Equal(failed, _bench.Verify(proof).FailedCheck);
    }

    [Fact]
    public void Verify_MalformedProof_GivesNoClaims()
    {
        DpopProofResult result = _bench.Verify("x");

        Assert.Empty(result.Claims);
        Assert.Empty(result.Header);
        Assert.Null(result.JwtId);
        Assert.Null(result.Thumbprint);
        Assert.StartsWith("WellFormed: ", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OddValuesInEveryPlace_NeverThrows()
    {
        string[] odd = ["null", "true", "0", "-1", "1e999", "\"\"", "\"é\"", "\"\\u0000\"", "\"A\"", "[]", "{}", "[[[]]]", "{\"d\":{}}"];
        Func<HandmadeProof, JsonObject>[] parts = [p => p.Header, p => p.Claims, p => p.Jwk];
        using HandmadeKey rsa = HandmadeKey.Create("RS256");
        var places =
            from key in (HandmadeKey[])[_bench.Key, rsa]
            from part in parts
            from member in part(_bench.Proof(key: key))
            from json in odd
            select (key, part, member.Key, json);

        foreach ((HandmadeKey key, Func<HandmadeProof, JsonObject> part, string name, string json) in places)
        {
            HandmadeProof proof = _bench.Proof(key: key);
            part(proof)[name] = JsonNode.Parse(json);
            bool isGoodJti = (name, json) is ("jti", "\"é\"" or "\"\\u0000\"" or "\"A\"");
            Assert.Equal(isGoodJti, _bench.Verify(proof).IsValid);
        }
    }

    [Fact]
    public void Verify_ProofsWithBytesChangedAtRandom_NeverThrowsNorPasses()
    {
        Random random = new(9449);
        string good = _bench.Proof().ToString();
        for (int i = 0; i < 5_000; i++)
        {
            char[] bad = good.ToCharArray();
            int at = random.Next(bad.Length);
            char other = (char)random.Next(0x20, 0x7F);
            if (bad[at] == other)
            {
                continue;
            }

            bad[at] = other;
            DpopProofResult result = _bench.Verify(new string(bad));
            Assert.False(result.IsValid, $"position {at} of {good}");
        }
    }
}
