using DpopHttp.Proofs;
using DpopHttp.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;

namespace DpopHttp.Tests.Rfc;

/// <summary>The examples of RFC 9449, sections 4.1, 6.1 and 7.1.</summary>
public class Rfc9449Tests
{
    private const string AccessToken = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    [Fact]
    public void The_hash_of_the_example_token_is_the_ath_of_the_example_proof() =>
        Assert.Equal("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", AccessTokenHash.Of(AccessToken));

    [Fact]
    public void The_thumbprint_of_the_example_key_is_the_jkt_of_the_example_token() =>
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", Thumbprints.OfPublicJwk(
            """{"crv":"P-256","kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs","y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"}"""));

    [Fact]
    public void A_proof_has_the_header_of_the_example()
    {
        using DpopKey key = DpopKey.Generate();
        JsonWebToken proof = DecodedProof.Read(DpopProof.Create(key, HttpMethod.Post, new Uri("https://server.example.com/token")));
        Assert.Equal("dpop+jwt", proof.Typ);
        Assert.Equal("ES256", proof.Alg);
        string jwk = proof.GetHeaderValue<System.Text.Json.JsonElement>("jwk").GetRawText();
        Assert.Equal(key.PublicJwk, jwk);
    }

    [Fact]
    public void A_proof_at_the_token_endpoint_has_the_claims_of_the_example()
    {
        using DpopKey key = DpopKey.Generate();
        string proof = DpopProof.Create(key, HttpMethod.Post, new Uri("https://server.example.com/token"));
        Assert.Equal(["htm", "htu", "iat", "jti"], ClaimNames(proof));
        Assert.Equal("POST", DecodedProof.Claim(proof, "htm"));
        Assert.Equal("https://server.example.com/token", DecodedProof.Claim(proof, "htu"));
    }

    [Fact]
    public void A_proof_at_a_protected_resource_has_the_claims_of_the_example()
    {
        using DpopKey key = DpopKey.Generate();
        string proof = DpopProof.Create(key, HttpMethod.Get, new Uri("https://resource.example.org/protectedresource"), AccessToken, "eyJ7S_zG.eyJH0-Z.HX4w-7v");
        Assert.Equal(["ath", "htm", "htu", "iat", "jti", "nonce"], ClaimNames(proof));
        Assert.Equal("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo", DecodedProof.Claim(proof, "ath"));
        Assert.Equal("eyJ7S_zG.eyJH0-Z.HX4w-7v", DecodedProof.Nonce(proof));
    }

    private static IEnumerable<string> ClaimNames(string proof) => DecodedProof.Read(proof).Claims.Select(c => c.Type).Order(StringComparer.Ordinal);
}
