using System.Text.Json.Nodes;
using DpopHttp.Tests.Handmade;
using static DpopHttp.Verification.Tests.ProofBench;

namespace DpopHttp.Verification.Tests;

/// <summary>One or more tests for each check of RFC 9449 section 4.3, in its order.</summary>
public sealed class VerifierTests : IDisposable
{
    private const string Token = "an-access-token";

    private readonly ProofBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Verify_GoodProof_GivesThumbprintClaimsAndHeader()
    {
        HandmadeProof proof = _bench.Proof();

        DpopProofResult result = _bench.Verify(proof);

        AssertValid(result);
        Assert.Equal(_bench.Key.Thumbprint, result.Thumbprint);
        Assert.Equal((string?)proof.Claims["jti"], result.JwtId);
        Assert.Equal(ProofBench.Uri, result.Claims["htu"].GetString());
        Assert.Equal("ES256", result.Header["alg"].GetString());
        Assert.Equal("valid", result.ToString());
    }

    [Fact]
    public void Verify_NoProof_FailsSingleHeader() =>
        AssertFails(DpopProofCheck.SingleHeader, VerifyAll(), "0 DPoP header fields");

    [Fact]
    public void Verify_TwoProofs_FailsSingleHeader() =>
        AssertFails(DpopProofCheck.SingleHeader, VerifyAll(_bench.Proof().ToString(), _bench.Proof().ToString()), "2 DPoP header fields");

    [Theory]
    [InlineData("jti", null)]
    [InlineData("jti", "\"\"")]
    [InlineData("jti", "7")]
    [InlineData("htm", null)]
    [InlineData("htm", "7")]
    [InlineData("htu", null)]
    [InlineData("htu", "[]")]
    [InlineData("iat", null)]
    [InlineData("iat", "\"1800000000\"")]
    public void Verify_ClaimMissingOrOfAnotherType_FailsRequiredClaims(string claim, string? json)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims.Remove(claim);
        if (json is not null)
        {
            proof.Claims[claim] = JsonNode.Parse(json);
        }

        AssertFails(DpopProofCheck.RequiredClaims, _bench.Verify(proof), $"The {claim} claim");
    }

    [Theory]
    [InlineData("\"JWT\"", "'JWT'")]
    [InlineData("\"DPOP+JWT\"", "'DPOP+JWT'")]
    [InlineData("7", "missing or not a string")]
    public void Verify_OtherType_FailsType(string json, string found)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header["typ"] = JsonNode.Parse(json);

        AssertFails(DpopProofCheck.Type, _bench.Verify(proof), found);
    }

    [Fact]
    public void Verify_NoType_FailsType()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header.Remove("typ");

        AssertFails(DpopProofCheck.Type, _bench.Verify(proof), "'dpop+jwt' is expected");
    }

    [Theory]
    [InlineData("GET", "get")]
    [InlineData("GET", "POST")]
    [InlineData("get", "GET")]
    public void Verify_OtherMethod_FailsMethod(string request, string claimed)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims["htm"] = claimed;

        DpopProofResult result = _bench.Verify(new DpopProofContext(request, new Uri(ProofBench.Uri), [proof.ToString()]));

        AssertFails(DpopProofCheck.Method, result, $"The htm is '{claimed}'; the request is '{request}'.");
    }

    [Fact]
    public void Verify_NonceDemandedAndAccepted_Passes() => AssertValid(VerifyNonce("n-1", demanded: "n-1"));

    [Fact]
    public void Verify_NonceNotDemanded_IsIgnored() => AssertValid(VerifyNonce("n-1", demanded: null));

    [Fact]
    public void Verify_OtherNonce_FailsNonceWithoutNamingIt()
    {
        DpopProofResult result = VerifyNonce("n-1", demanded: "n-2");

        AssertFails(DpopProofCheck.Nonce, result, "not one that the server accepts");
        Assert.DoesNotContain("n-1", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_NoNonceThoughDemanded_FailsNonce() =>
        AssertFails(DpopProofCheck.Nonce, VerifyNonce(null, demanded: "n-1"), "missing");

    [Theory]
    [InlineData(60.0, true)]
    [InlineData(60.5, false)]
    [InlineData(-5.0, true)]
    [InlineData(-5.5, false)]
    public void Verify_AgeAtTheEdges_FailsIssuedAtBeyondThem(double age, bool accepted)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims["iat"] = 1_800_000_000 - age;

        AssertIssuedAt(_bench.Verify(proof), accepted);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(11, false)]
    [InlineData(-20, true)]
    [InlineData(-21, false)]
    public void Verify_WindowOfItsOwn_IsHonoured(int age, bool accepted)
    {
        using ProofBench bench = new()
        {
            Verifier = new DpopProofVerifier
            {
                TimeProvider = _bench.Clock,
                MaxAge = TimeSpan.FromSeconds(10),
                MaxFutureSkew = TimeSpan.FromSeconds(20),
            },
        };
        HandmadeProof proof = bench.Proof();
        proof.Claims["iat"] = 1_800_000_000 - age;

        AssertIssuedAt(bench.Verify(proof), accepted);
    }

    [Theory]
    [InlineData("1e999")]
    [InlineData("-1e999")]
    [InlineData("1e300")]
    public void Verify_IssuedAtBeyondAllMeasure_FailsIssuedAt(string iat)
    {
        HandmadeProof proof = _bench.Proof();
        string claims = proof.Claims.ToJsonString().Replace("1800000000", iat, StringComparison.Ordinal);

        AssertIssuedAt(_bench.Verify(proof.Compact(proof.Header.ToJsonString(), claims)), accepted: false);
    }

    [Theory]
    [InlineData(Token, true)]
    [InlineData("another", false)]
    [InlineData(null, false)]
    public void Verify_HashOfTheToken_FailsUnlessOfTheOneThatCame(string? hashed, bool accepted)
    {
        DpopProofResult result = _bench.Verify(Context(_bench.Proof(token: hashed)));

        Assert.Equal(accepted ? null : DpopProofCheck.AccessTokenHash, result.FailedCheck);
        Assert.DoesNotContain(Token, result.Description ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_TokenBoundToThisKey_Passes() => AssertValid(_bench.Verify(Context(_bench.Proof(Token), _bench.Key.Thumbprint)));

    [Fact]
    public void Verify_TokenBoundToAnotherKey_FailsKeyBindingAndNamesBoth()
    {
        DpopProofResult result = _bench.Verify(Context(_bench.Proof(Token), "another-thumbprint"));

        AssertFails(DpopProofCheck.KeyBinding, result, "'another-thumbprint'");
        Assert.Contains(_bench.Key.Thumbprint, result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_SeveralFaults_ReportsTheFirstOfTheRfcsOrder()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Claims["htm"] = "POST";
        proof.Claims["htu"] = "https://other.example.com/";
        proof.Jwk["d"] = "AA";

        AssertFails(DpopProofCheck.NoPrivateKey, _bench.Verify(proof), "(d)");
    }

    [Fact]
    public void Verify_NullContext_Throws() =>
        Assert.Throws<ArgumentNullException>("context", () => _bench.Verifier.Verify(null!));

    [Fact]
    public void Context_RelativeUri_Throws() =>
        Assert.Throws<ArgumentException>("uri", () => new DpopProofContext("GET", new Uri("/orders", UriKind.Relative), []));

    [Fact]
    public void Verifier_NegativeWindow_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpopProofVerifier { MaxAge = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new DpopProofVerifier { MaxFutureSkew = TimeSpan.FromTicks(-1) });
    }

    private static DpopProofContext Context(HandmadeProof proof, string? thumbprint = null) =>
        new("GET", new Uri(ProofBench.Uri), [proof.ToString()]) { AccessToken = Token, BoundThumbprint = thumbprint };

    private static void AssertIssuedAt(DpopProofResult result, bool accepted) =>
        Assert.Equal(accepted ? null : DpopProofCheck.IssuedAt, result.FailedCheck);

    private DpopProofResult VerifyAll(params string[] proofs) =>
        _bench.Verify(new DpopProofContext("GET", new Uri(ProofBench.Uri), proofs));

    private DpopProofResult VerifyNonce(string? nonce, string? demanded) =>
        _bench.Verify(new DpopProofContext("GET", new Uri(ProofBench.Uri), [_bench.Proof(nonce: nonce).ToString()])
        {
            AcceptNonce = demanded is null ? null : presented => presented == demanded,
        });
}
