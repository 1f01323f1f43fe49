using System.Text.Json.Nodes;
using DpopHttp.Tool.Explain.Reports;
using DpopHttp.Tool.Tests.Support;
using DpopHttp.Verification;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tool.Tests.Explain;

public sealed class BrokenProofTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ToolBench _bench = new() { Time = new FakeTimeProvider(Time) };
    private readonly ProofWorkshop _workshop = new(Time);

    public static TheoryData<string> Names => [.. BrokenProofs.All.Keys];

    [Fact]
    public async Task The_proof_that_all_the_broken_ones_are_made_from_is_valid()
    {
        ToolRun run = await ExplainAsync(_workshop.Right.ToString(), []);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.True((bool?)JsonNode.Parse(run.Output)!["valid"]);
        Assert.Equal(14, Checks(run).Count(check => (string?)check["verdict"] == "passed"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_right_reason_is_named(string name)
    {
        BrokenProof broken = BrokenProofs.All[name];
        ToolRun run = await ExplainAsync(broken.Proof(_workshop), broken.Arguments);
        Assert.True(run.ExitCode == 1, run.Output + run.Error);
        JsonNode result = JsonNode.Parse(run.Output)!;
        Assert.Equal(CheckNames.IdOf(broken.Check), (string?)result["failedCheck"]);
        JsonNode check = Checks(run).Single(check => (string?)check["check"] == CheckNames.IdOf(broken.Check));
        Assert.Equal(broken.Check.GetSection(), (string?)check["section"]);
        Assert.Contains(broken.Says, $"{check["finding"]} {check["advice"]}", StringComparison.OrdinalIgnoreCase);
        Assert.NotNull(check["advice"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_first_fault_is_the_one_that_the_verifier_stops_at(string name)
    {
        BrokenProof broken = BrokenProofs.All[name];
        string proof = broken.Proof(_workshop);
        DpopProofResult result = new DpopProofVerifier().Verify(
            new DpopProofContext("GET", ArgumentOf(broken, "--seen-url") ?? ArgumentOf(broken, "--url") ?? ProofWorkshop.Url, [proof])
            {
                AccessToken = _workshop.Token,
                BoundThumbprint = ArgumentOf(broken, "--jkt") ?? _workshop.Key.Thumbprint,
                AcceptNonce = nonce => nonce == ProofWorkshop.Nonce,
                Time = Time,
            });
        Assert.Equal(broken.Check, result.FailedCheck);
        JsonNode explained = JsonNode.Parse((await ExplainAsync(proof, broken.Arguments)).Output)!;
        Assert.Equal(CheckNames.IdOf(result.FailedCheck!.Value), (string?)explained["failedCheck"]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Readers_get_the_same_reason(string name)
    {
        BrokenProof broken = BrokenProofs.All[name];
        ToolRun run = await RunAsync(broken.Proof(_workshop), broken.Arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(broken.Says, run.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(broken.Check.GetSection(), run.Output, StringComparison.Ordinal);
        Assert.Contains("The proof isn't valid", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0LXByaXZhdGUta2V5LXZhbHVl", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(_workshop.Token, name == "ath the token" ? "" : run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_at_least_forty() => Assert.True(BrokenProofs.All.Count >= 40, $"{BrokenProofs.All.Count}");

    public void Dispose()
    {
        _workshop.Dispose();
        _bench.Dispose();
    }

    private static string? ArgumentOf(BrokenProof broken, string option) =>
        Array.IndexOf(broken.Arguments, option) is >= 0 and int index ? broken.Arguments[index + 1] : null;

    private static IEnumerable<JsonNode> Checks(ToolRun run) => JsonNode.Parse(run.Output)!["checks"]!.AsArray().Select(check => check!);

    private Task<ToolRun> ExplainAsync(string proof, string[] arguments) => RunAsync(proof, [.. arguments, "--json"]);

    private Task<ToolRun> RunAsync(string proof, string[] arguments)
    {
        string[] url = arguments.Contains("--url") ? [] : ["--url", ProofWorkshop.Url + "?page=2"];
        return _bench.RunAsync(["explain", proof, "--method", "GET", .. url, "--token", _workshop.Token, "--nonce", ProofWorkshop.Nonce, .. arguments]);
    }
}
