using DpopHttp.Tool.Tests.Support;
using DpopHttp.Verification;

namespace DpopHttp.Tool.Tests.Proofs;

public sealed class ProofCommandTests : IDisposable
{
    private readonly ToolBench _bench = new();

    [Fact]
    public async Task Prints_one_valid_proof_and_nothing_else()
    {
        await MakeKeyAsync();
        ToolRun run = (await _bench.RunAsync("proof", "-X", "POST", "--url", "https://api.example.com/orders?item=1", "--token", "abc", "--nonce", "n-1")).Succeeded();
        Assert.Empty(run.Error);
        Assert.Equal(run.Word + Environment.NewLine, run.Output);
        DpopProofResult result = new DpopProofVerifier().Verify(
            new DpopProofContext("POST", "https://api.example.com/orders", [run.Word]) { AccessToken = "abc", AcceptNonce = nonce => nonce == "n-1" });
        Assert.True(result.IsValid, result.ToString());
    }

    [Fact]
    public async Task Without_a_method_it_is_for_GET_and_without_a_token_it_has_no_ath()
    {
        await MakeKeyAsync();
        ToolRun run = (await _bench.RunAsync("proof", "--url", "https://api.example.com/")).Succeeded();
        DpopProofResult result = new DpopProofVerifier().Verify(new DpopProofContext("GET", "https://api.example.com/", [run.Word]));
        Assert.True(result.IsValid, result.ToString());
        Assert.False(result.Claims.ContainsKey("ath"));
        Assert.False(result.Claims.ContainsKey("nonce"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_token_can_come_from_a_file_or_standard_input(bool isFile)
    {
        await MakeKeyAsync();
        _bench.Input = "from-stdin\n";
        string file = isFile ? _bench.Write("token", "from-stdin\n") : "-";
        ToolRun run = (await _bench.RunAsync("proof", "--url", "https://api.example.com/", "--token-file", file)).Succeeded();
        DpopProofResult result = new DpopProofVerifier().Verify(
            new DpopProofContext("GET", "https://api.example.com/", [run.Word]) { AccessToken = "from-stdin" });
        Assert.True(result.IsValid, result.ToString());
    }

    [Theory]
    [InlineData("api.example.com/orders", "Did you mean https://api.example.com/orders?")]
    [InlineData("ftp://api.example.com/", "isn't an absolute http or https URL")]
    [InlineData("/orders", "isn't an absolute http or https URL")]
    public async Task Another_kind_of_url_is_an_error(string url, string message)
    {
        await MakeKeyAsync();
        Assert.Contains(message, (await _bench.RunAsync("proof", "--url", url)).Failed().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_in_the_arguments_are_errors()
    {
        Assert.Contains("--url", (await _bench.RunAsync("proof")).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("dpop proof --help", (await _bench.RunAsync("proof")).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("no key file", (await _bench.RunAsync("proof", "--url", "https://a.example/")).Failed().Error, StringComparison.Ordinal);
        await MakeKeyAsync();
        (await _bench.RunAsync("proof", "--url", "https://a.example/", "--token", "a", "--token-file", "b")).Failed();
        (await _bench.RunAsync("proof", "--url", "https://a.example/", "--token", "")).Failed();
        (await _bench.RunAsync("proof", "--url", "https://a.example/", "--token-file", _bench.PathOf("none"))).Failed();
        (await _bench.RunAsync("proof", "--url", "https://a.example/", "--method", "A B")).Failed();
        (await _bench.RunAsync("prove")).Failed();
    }

    [Fact]
    public async Task Help_has_examples()
    {
        ToolRun run = (await _bench.RunAsync("proof", "--help")).Succeeded();
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.Contains("curl -H", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    private async Task MakeKeyAsync() => (await _bench.RunAsync("key", "new")).Succeeded();
}
