using DpopHttp.Tests.Handmade;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Verification.Tests;

/// <summary>The example proofs of RFC 9449, at the time that they were made.</summary>
public sealed class VerifierRfcTests
{
    // Section 6.1, figure 8.
    private const string Thumbprint = "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I";

    // Section 5, figure 6.
    private const string Token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    private const string Header =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdC" +
        "RnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";

    // Section 4.1, figure 2.
    private const string TokenRequestProof =
        Header + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwi" +
        "aWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    // Section 7.1, figure 12.
    private const string ResourceProof =
        Header + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0" +
        "ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9." +
        "2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    [Fact]
    public void Verify_ProofOfSection4_IsValid()
    {
        DpopProofResult result = VerifierAt(1562262616).Verify(
            new DpopProofContext("POST", new Uri("https://server.example.com/token"), [TokenRequestProof]));

        ProofBench.AssertValid(result);
        Assert.Equal(Thumbprint, result.Thumbprint);
        Assert.Equal("-BwC3ESc6acc2lTc", result.JwtId);
    }

    [Fact]
    public void Verify_ProofOfSection7WithItsToken_IsValid()
    {
        DpopProofResult result = VerifierAt(1562262618).Verify(
            new DpopProofContext("GET", new Uri("https://resource.example.org/protectedresource"), [ResourceProof])
            {
                AccessToken = Token,
                BoundThumbprint = Thumbprint,
            });

        ProofBench.AssertValid(result);
        Assert.Equal("e1j3V_bKic8-LAEB", result.JwtId);
    }

    private static DpopProofVerifier VerifierAt(long seconds) =>
        new() { TimeProvider = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(seconds)) };
}
