using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Handmade;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static DpopHttp.Verification.Tests.ProofBench;

namespace DpopHttp.Verification.Tests;

/// <summary>Algorithms, keys and signatures.</summary>
public sealed class VerifierKeyTests : IDisposable
{
    private readonly ProofBench _bench = new();

    public void Dispose() => _bench.Dispose();

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
    public void Verify_EachAlgorithm_AcceptsProofsOfTwoMakers(string algorithm)
    {
        using HandmadeKey key = HandmadeKey.Create(algorithm);
        HandmadeProof byHand = _bench.Proof(key: key);
        HandmadeProof template = _bench.Proof(key: key);
        string byLibrary = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            template.Claims.ToJsonString(),
            new SigningCredentials(key.SecurityKey, algorithm),
            new Dictionary<string, object>
            {
                ["typ"] = "dpop+jwt",
                ["jwk"] = JsonElement.Parse(template.Jwk.ToJsonString()),
            });

        DpopProofResult[] results = [_bench.Verify(byHand), _bench.Verify(byLibrary)];

        Assert.All(results, AssertValid);
        Assert.All(results, r => Assert.Equal(key.Thumbprint, r.Thumbprint));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("EdDSA")]
    [InlineData("es256")]
    public void Verify_UnknownAlgorithm_FailsAlgorithmEvenIfListed(string algorithm)
    {
        _bench.Verifier.Algorithms.Add(algorithm);
        HandmadeProof proof = _bench.Proof();
        proof.Header["alg"] = algorithm;

        AssertFails(DpopProofCheck.Algorithm, _bench.Verify(proof), $"The alg is '{algorithm}'; accepted are: ES256 ES384");
    }

    [Fact]
    public void Verify_AlgorithmTakenFromTheSet_FailsAlgorithm()
    {
        _bench.Verifier.Algorithms.Remove("ES256");

        AssertFails(DpopProofCheck.Algorithm, _bench.Verify(_bench.Proof()), "'ES256'");
    }

    [Fact]
    public void Verify_AlgorithmMissing_FailsAlgorithm()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header.Remove("alg");

        AssertFails(DpopProofCheck.Algorithm, _bench.Verify(proof), "missing or not a string");
    }

    [Fact]
    public void Verify_SignedByAnotherKey_FailsSignature()
    {
        using HandmadeKey other = HandmadeKey.Create();
        HandmadeProof proof = _bench.Proof();
        proof.Header["jwk"] = other.PublicJwk();

        DpopProofResult result = _bench.Verify(proof);

        AssertFails(DpopProofCheck.Signature, result, "does not verify");
        Assert.Equal(other.Thumbprint, result.Thumbprint);
    }

    [Theory]
    [InlineData("kty", "\"RSA\"", "kty")]
    [InlineData("kty", "\"oct\"", "kty")]
    [InlineData("crv", "\"P-384\"", "crv")]
    [InlineData("crv", "7", "crv")]
    [InlineData("x", "\"AAAA\"", "32 bytes")]
    [InlineData("y", "\"AAAA\"", "32 bytes")]
    [InlineData("y", "\"+\"", "32 bytes")]
    [InlineData("x", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"", "does not verify")]
    [InlineData("alg", "\"ES384\"", "another algorithm")]
    [InlineData("alg", "7", "another algorithm")]
    public void Verify_KeyThatDoesNotFit_FailsSignature(string member, string json, string description)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Jwk[member] = JsonNode.Parse(json);

        AssertFails(DpopProofCheck.Signature, _bench.Verify(proof), description);
    }

    [Fact]
    public void Verify_KeyThatNamesTheProofsAlgorithm_Passes()
    {
        HandmadeProof proof = _bench.Proof();
        proof.Jwk["alg"] = "ES256";

        AssertValid(_bench.Verify(proof));
    }

    [Theory]
    [InlineData("\"key\"")]
    [InlineData("null")]
    public void Verify_KeyThatIsNoObject_FailsSignature(string json)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Header["jwk"] = JsonNode.Parse(json);

        AssertFails(DpopProofCheck.Signature, _bench.Verify(proof), "jwk header parameter is missing");
    }

    [Theory]
    [InlineData(1024, DpopProofCheck.Signature)]
    [InlineData(2040, DpopProofCheck.Signature)]
    [InlineData(2048, null)]
    public void Verify_RsaKey_FailsSignatureBelow2048Bits(int bits, DpopProofCheck? failed)
    {
        using HandmadeKey key = HandmadeKey.Create("RS256", bits);

        DpopProofResult result = _bench.Verify(_bench.Proof(key: key));

        Assert.Equal(failed, result.FailedCheck);
        Assert.Equal(failed is null, !(result.Description ?? "").Contains($"{bits} bits", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("n")]
    [InlineData("e")]
    public void Verify_RsaNumberWithLeadingZero_FailsSignature(string member)
    {
        using HandmadeKey key = HandmadeKey.Create("RS256");
        HandmadeProof proof = _bench.Proof(key: key);
        byte[] number = [0, .. Base64Url.DecodeFromChars((string?)proof.Jwk[member])];
        proof.Jwk[member] = Base64Url.EncodeToString(number);

        AssertFails(DpopProofCheck.Signature, _bench.Verify(proof), "leading zeros");
    }

    [Theory]
    [InlineData("n", "\"\"")]
    [InlineData("e", "\"\"")]
    [InlineData("n", "7")]
    [InlineData("e", "\"=\"")]
    public void Verify_RsaNumberThatIsNone_FailsSignature(string member, string json)
    {
        using HandmadeKey key = HandmadeKey.Create("RS256");
        HandmadeProof proof = _bench.Proof(key: key);
        proof.Jwk[member] = JsonNode.Parse(json);

        AssertFails(DpopProofCheck.Signature, _bench.Verify(proof), "base64url numbers");
    }

    [Theory]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public void Verify_PrivateMemberInTheKey_FailsNoPrivateKey(string member)
    {
        HandmadeProof proof = _bench.Proof();
        proof.Jwk[member] = "AQAB";

        AssertFails(DpopProofCheck.NoPrivateKey, _bench.Verify(proof), $"({member})");
    }
}
