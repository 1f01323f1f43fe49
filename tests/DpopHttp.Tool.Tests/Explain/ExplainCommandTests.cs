using System.Text.Json.Nodes;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tool.Tests.Explain;

public sealed class ExplainCommandTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ToolBench _bench = new() { Time = new FakeTimeProvider(Time) };
    private readonly ProofWorkshop _workshop = new(Time);

    [Fact]
    public async Task Without_facts_only_what_the_proof_says_itself_is_checked()
    {
        ToolRun run = (await _bench.RunAsync("explain", _workshop.Right.ToString())).Succeeded();
        Assert.Contains("Give --method to compare", run.Output, StringComparison.Ordinal);
        Assert.Contains("Give --url to compare", run.Output, StringComparison.Ordinal);
        Assert.Contains("Give --token", run.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing is wrong with the proof", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DPoP: ")]
    [InlineData("dpop:")]
    [InlineData("\n  ")]
    public async Task A_proof_may_be_pasted_with_the_name_of_its_header(string before)
    {
        _bench.Input = before + _workshop.Right + "\n";
        (await _bench.RunAsync("explain", "-")).Succeeded();
    }

    [Fact]
    public async Task Faults_after_the_first_are_named_as_well()
    {
        string proof = _workshop.WithHeader("typ", "JWT");
        ToolRun run = await _bench.RunAsync("explain", proof, "-X", "POST", "-u", "https://other.example/", "--token", "another", "--nonce", "x", "--json");
        JsonNode result = JsonNode.Parse(run.Output)!;
        Assert.Equal(
            ["typ", "htm", "htu", "nonce", "ath"],
            result["checks"]!.AsArray().Where(check => (string?)check!["verdict"] == "failed").Select(check => (string)check!["check"]!));
        Assert.Equal("passed", (string?)result["checks"]!.AsArray().Single(check => (string?)check!["check"] == "signature")!["verdict"]);
    }

    [Fact]
    public async Task A_token_without_a_key_is_named()
    {
        string token = ProofWorkshop.TokenFor(null);
        string proof = _workshop.WithClaim("ath", ProofWorkshop.Hash(token));
        ToolRun run = await _bench.RunAsync("explain", proof, "--token", "Bearer " + token);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("isn't bound to a key", run.Output, StringComparison.Ordinal);
        Assert.Contains("goes with the scheme DPoP", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caret_stands_under_the_first_difference_of_htu()
    {
        ToolRun run = await _bench.RunAsync("explain", _workshop.Right.ToString(), "-u", "https://api.example.com/orderz/42");
        string[] lines = run.Output.Split(Environment.NewLine);
        int caret = Array.FindIndex(lines, line => line.Trim() == "^");
        Assert.Equal('s', lines[caret - 2][lines[caret].IndexOf('^')]);
        Assert.Equal('z', lines[caret - 1][lines[caret].IndexOf('^')]);
    }

    [Fact]
    public async Task Settings_of_time_are_honoured()
    {
        string old = _workshop.WithClaim("iat", Time.ToUnixTimeSeconds() - 200);
        Assert.Equal(1, (await _bench.RunAsync("explain", old)).ExitCode);
        Assert.Equal(0, (await _bench.RunAsync("explain", old, "--max-age", "300")).ExitCode);
        Assert.Equal(0, (await _bench.RunAsync("explain", old, "--at", "iat")).ExitCode);
        Assert.Equal(0, (await _bench.RunAsync("explain", old, "--at", "2026-05-01T11:57:00Z")).ExitCode);
        Assert.Equal(0, (await _bench.RunAsync("explain", old, "--at", $"{Time.ToUnixTimeSeconds() - 200}")).ExitCode);
        (await _bench.RunAsync("explain", old, "--at", "yesterday")).Failed();
        (await _bench.RunAsync("explain", old, "--max-age", "-1")).Failed();
    }

    [Fact]
    public async Task Nothing_from_the_proof_reaches_the_terminal_as_a_control_sequence()
    {
        string proof = _workshop.WithClaim("htu", "https://api.example.com/\u001b[2J\u009b31m\u202e");
        ToolRun run = await _bench.RunAsync("explain", proof, "-u", ProofWorkshop.Url);
        Assert.DoesNotContain(run.Output, character => character is '\u001b' or '\u009b' or '\u202e');
    }

    [Fact]
    public async Task Colours_are_for_terminals_without_NO_COLOR()
    {
        _bench.Terminal = new Terminal(false, true, true, 80);
        ToolRun coloured = await _bench.RunAsync("explain", _workshop.Right.ToString());
        Assert.Contains("\u001b[", coloured.Output, StringComparison.Ordinal);
        _bench.Variables["NO_COLOR"] = "1";
        ToolRun plain = await _bench.RunAsync("explain", _workshop.Right.ToString());
        Assert.DoesNotContain("\u001b[", plain.Output, StringComparison.Ordinal);
        Assert.All(plain.Output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Fact]
    public async Task Sources_are_one_and_no_more()
    {
        (await _bench.RunAsync("explain")).Failed();
        (await _bench.RunAsync("explain", "a", "--har", "b")).Failed();
        (await _bench.RunAsync("explain", "--har", _bench.PathOf("none.har"))).Failed();
        (await _bench.RunAsync("explain", "--har", _bench.Write("a.har", "no JSON"))).Failed();
        (await _bench.RunAsync("explain", "--har", _bench.Write("b.har", """{"log":{"entries":[]}}"""))).Failed();
        (await _bench.RunAsync("explain", "--curl", _bench.Write("c.txt", "wget https://a.example"))).Failed();
        (await _bench.RunAsync("explain", "-")).Failed();
    }

    public void Dispose()
    {
        _workshop.Dispose();
        _bench.Dispose();
    }
}
