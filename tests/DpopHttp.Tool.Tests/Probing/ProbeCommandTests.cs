using System.Text.Json.Nodes;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Probing;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Probing;

public sealed class ProbeCommandTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private string _thumbprint = "";

    /// <summary>One for each row, one for the challenge that is missing, and one for an API that fails at a text that is no JWT.</summary>
    public static TheoryData<string, string> Faults =>
        [.. ProbeRows.All.Select(row => (row.Id, row.Id)), ("challenge", "challenge"), ("crash", "notJwt")];

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _thumbprint = (await _bench.RunAsync("key", "show", "--thumbprint")).Word;
    }

    public ValueTask DisposeAsync()
    {
        _bench.Dispose();
        return default;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_planted_fault_is_found_and_no_other(string fault, string found)
    {
        await using LoopbackServer api = await FaultyApi.StartAsync(_thumbprint, fault, demandsNonces: fault == "nonce");
        ToolRun run = await ProbeAsync(api.BaseAddress.AbsoluteUri);
        Assert.True(run.ExitCode == 1, run.Output + run.Error);
        Assert.Equal([found], FaultsOf(run));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_found_where_nothing_is_wrong(bool demandsNonces)
    {
        await using LoopbackServer api = await FaultyApi.StartAsync(_thumbprint, null, demandsNonces);
        ToolRun run = (await ProbeAsync(api.BaseAddress + "orders?page=2")).Succeeded();
        Assert.Empty(FaultsOf(run));
    }

    [Theory]
    [InlineData("off")]
    [InlineData("required")]
    [InlineData("rotate")]
    [InlineData("one-time")]
    public async Task Nothing_is_found_in_what_serve_runs(string nonces)
    {
        await using RunningTool server = await _bench.StartAsync("serve", "--port", "0", "--client-secret", "s3cret", "--nonce", nonces);
        string token = await _bench.GetTokenAsync(server);
        ToolRun run = await _bench.RunAsync("probe", server.Origin + "/orders", "--token", token);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("Nothing was found.", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, run.Output, StringComparison.Ordinal);
        Assert.InRange(server.Output.Split('\n').Count(line => line.Contains("GET /orders", StringComparison.Ordinal)), ProbeRows.All.Count, 60);
    }

    [Fact]
    public async Task The_private_key_does_not_leave_this_machine()
    {
        List<string> proofs = [];
        await using LoopbackServer api = await LoopbackServer.StartAsync(context =>
        {
            proofs.AddRange(context.Request.Headers["DPoP"].OfType<string>());
            return Task.CompletedTask;
        });
        await ProbeAsync(api.BaseAddress.AbsoluteUri);
        using DpopKey key = new DpopKeyFile(_bench.PathOf("key.json")).Open();
        string secret = (string)JsonNode.Parse(key.ExportPrivateJwk())!["d"]!;
        Assert.True(proofs.Count > 20);
        Assert.All(proofs.Where(proof => proof.Contains('.')), proof =>
            Assert.DoesNotContain(secret, System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(proof.Split('.')[0])), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_right_answer_to_compare_with_it_is_an_error()
    {
        await using LoopbackServer api = await FaultyApi.StartAsync("another-key", null, demandsNonces: false);
        Assert.Contains("nothing to compare with", (await ProbeAsync(api.BaseAddress.AbsoluteUri)).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("no token", (await _bench.RunAsync("probe", api.BaseAddress.AbsoluteUri)).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("plain http", (await _bench.RunAsync("probe", "http://api.example.com/", "--token", "t")).Failed().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_right_proof_that_is_redirected_is_an_error_that_says_where()
    {
        await using LoopbackServer api = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect("/signin");
            return Task.CompletedTask;
        });
        string error = (await ProbeAsync(api.BaseAddress.AbsoluteUri)).Failed().Error;
        Assert.Contains("302", error, StringComparison.Ordinal);
        Assert.Contains("/signin", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_proof_that_is_redirected_is_not_accepted()
    {
        await using LoopbackServer api = await FaultyApi.StartAsync(_thumbprint, null, demandsNonces: false, refusal: 302);
        ToolRun run = (await ProbeAsync(api.BaseAddress.AbsoluteUri)).Succeeded();
        Assert.Empty(FaultsOf(run));
    }

    [Fact]
    public async Task Where_the_API_limits_requests_the_rows_are_not_judged_and_the_command_fails()
    {
        int requests = 0;
        await using LoopbackServer api = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref requests) == 1 ? 200 : 429;
            return Task.CompletedTask;
        });
        ToolRun run = await ProbeAsync(api.BaseAddress.AbsoluteUri);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("429", run.Error, StringComparison.Ordinal);
        Assert.All(JsonNode.Parse(run.Output)!["findings"]!.AsArray(), finding => Assert.Equal("notJudged", (string?)finding!["verdict"]));
    }

    private Task<ToolRun> ProbeAsync(string url) => _bench.RunAsync("probe", url, "--token", FaultyApi.Token, "--json");

    private static IEnumerable<string> FaultsOf(ToolRun run) => JsonNode.Parse(run.Output)!["findings"]!.AsArray()
        .Where(finding => (string?)finding!["verdict"] == "fault").Select(finding => (string)finding!["id"]!);
}
