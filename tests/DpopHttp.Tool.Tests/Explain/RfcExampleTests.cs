using System.Text.Json.Nodes;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Explain;

/// <summary>The example proofs of RFC 9449 sections 4.1 and 7.1, judged by today's clock and by their own.</summary>
public sealed class RfcExampleTests : IDisposable
{
    private const string Header =
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdC" +
        "RnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";

    private const string TokenRequestProof =
        Header + ".eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwi" +
        "aWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";

    private const string ResourceProof =
        Header + ".eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0" +
        "ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9." +
        "2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

    private const string Token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";

    private readonly ToolBench _bench = new();

    [Fact]
    public async Task The_proof_of_a_token_request() => await JudgeAsync(
        TokenRequestProof, 11, "-X", "POST", "-u", "https://server.example.com/token");

    [Fact]
    public async Task The_proof_of_a_request_with_its_token() => await JudgeAsync(
        ResourceProof, 13, "-X", "GET", "-u", "https://resource.example.org/protectedresource", "--token", Token,
        "--jkt", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");

    public void Dispose() => _bench.Dispose();

    private async Task JudgeAsync(string proof, int passed, params string[] facts)
    {
        JsonNode today = JsonNode.Parse((await _bench.RunAsync(["explain", proof, .. facts, "--json"])).Output)!;
        Assert.Equal(["iat"], Of(today, "failed"));

        ToolRun run = (await _bench.RunAsync(["explain", proof, .. facts, "--at", "iat", "--json"])).Succeeded();
        JsonNode then = JsonNode.Parse(run.Output)!;
        Assert.Empty(Of(then, "failed"));
        Assert.Equal(passed, Of(then, "passed").Count());
        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", (string?)then["thumbprint"]);
    }

    private static IEnumerable<string> Of(JsonNode result, string verdict) =>
        result["checks"]!.AsArray().Where(check => (string?)check!["verdict"] == verdict).Select(check => (string)check!["check"]!);
}
