using System.Text.Json.Nodes;
using DpopHttp.Tool.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tool.Tests.Explain;

/// <summary>Requests that other tools wrote down.</summary>
public sealed class RecordingTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ToolBench _bench = new() { Time = new FakeTimeProvider(Time) };
    private readonly ProofWorkshop _workshop = new(Time);

    public static TheoryData<string> RightCommands =>
    [
        "curl -H 'DPoP: {proof}' -H 'Authorization: DPoP {token}' 'https://api.example.com/orders/42?page=2'",
        "curl 'https://api.example.com/orders/42' \\\n  -H 'accept: */*' \\\n  -H 'dpop: {proof}' \\\n  -H 'authorization: DPoP {token}' \\\n  --compressed",
        "curl -sSL -XGET \"https://api.example.com/orders/42\" -H\"DPoP: {proof}\" --header \"Authorization: DPoP {token}\" -o out.json -w '%{http_code}'",
        "/usr/bin/curl --url=https://api.example.com/orders/42 --request GET --header=$'DPoP: {proof}' --header 'Authorization: DPoP {token}' | jq .",
        "$ curl -k -u user:secret -G -d a=b https://api.example.com/orders/42 -H 'DPoP: {proof}' -H 'Authorization: DPoP {token}' && echo done",
    ];

    [Theory]
    [MemberData(nameof(RightCommands))]
    public async Task A_curl_command_is_understood(string command)
    {
        ToolRun run = (await ExplainCurlAsync(command)).Succeeded();
        Assert.Equal(13, Verdicts(run, "passed").Count());
    }

    [Theory]
    [InlineData("curl https://api.example.com/orders/42 -H 'DPoP: {proof}' -d '{}'", "htm")]
    [InlineData("curl https://api.example.com/orders/42 -H 'DPoP: {proof}' --json '{}'", "htm")]
    [InlineData("curl -I https://api.example.com/orders/42 -H 'DPoP: {proof}'", "htm")]
    [InlineData("curl -T file https://api.example.com/orders/42 -H 'DPoP: {proof}'", "htm")]
    [InlineData("curl api.example.com/orders/42 -H 'DPoP: {proof}'", "htu")]
    [InlineData("curl https://api.example.com/orders/42 -H 'DPoP: {proof}' -H 'DPoP: {proof}'", "singleHeader")]
    [InlineData("curl https://api.example.com/orders/42", "singleHeader")]
    [InlineData("curl https://api.example.com/orders/42 -H 'DPoP: {proof}' -H 'Authorization: DPoP other'", "ath")]
    [InlineData("curl https://api.example.com/orders/42 -H 'DPoP: {proof}' --oauth2-bearer other", "ath")]
    public async Task What_a_curl_command_does_wrong_is_named(string command, string check)
    {
        ToolRun run = await ExplainCurlAsync(command);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(check, (string?)JsonNode.Parse(run.Output)!["failedCheck"]);
    }

    [Fact]
    public async Task What_curl_v_printed_is_understood()
    {
        string transcript = $"""
            * SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384
            > GET /orders/42?page=2 HTTP/2
            > Host: api.example.com
            > DPoP: {_workshop.Right}
            > Authorization: DPoP {_workshop.Token}
            >
            < HTTP/2 401
            < date: Fri, 01 May 2026 12:00:03 GMT
            < dpop-nonce: another
            """;
        ToolRun run = (await _bench.RunAsync("explain", "--curl", _bench.Write("v.txt", transcript))).Succeeded();
        Assert.Contains("iat is 3 s ago", run.Output, StringComparison.Ordinal);
        Assert.Contains("answered 401 with a DPoP-Nonce that this proof doesn't have", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_request_of_a_recording_is_judged_at_its_own_time()
    {
        JsonArray entries =
        [
            Entry("https://api.example.com/orders/42", _workshop.Right.ToString(), Time),
            Entry("https://api.example.com/style.css", null, Time),
            Entry("https://api.example.com/orders/43", _workshop.Right.ToString(), Time),
            Entry("https://api.example.com/orders/42", _workshop.Right.ToString(), Time.AddMinutes(10)),
        ];
        entries.Add(entries[0]!.DeepClone());
        string har = _bench.Write("a.har", new JsonObject { ["log"] = new JsonObject { ["entries"] = entries } }.ToJsonString());
        ToolRun run = await _bench.RunAsync("explain", "--har", har, "--json");
        Assert.Equal(1, run.ExitCode);
        JsonArray requests = JsonNode.Parse(run.Output)!["requests"]!.AsArray();
        Assert.Equal([null, "htu", "iat", "replay"], requests.Select(request => (string?)request!["failedCheck"]));
        ToolRun text = await _bench.RunAsync("explain", "--har", har);
        Assert.Contains("Request 2 of 4: GET https://api.example.com/orders/43", text.Output, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _workshop.Dispose();
        _bench.Dispose();
    }

    private JsonObject Entry(string url, string? proof, DateTimeOffset time)
    {
        JsonArray headers = [new JsonObject { ["name"] = "authorization", ["value"] = "DPoP " + _workshop.Token }];
        if (proof is not null)
        {
            headers.Add(new JsonObject { ["name"] = "dpop", ["value"] = proof });
        }

        return new JsonObject
        {
            ["startedDateTime"] = time.ToString("O"),
            ["request"] = new JsonObject { ["method"] = "GET", ["url"] = url, ["headers"] = headers },
            ["response"] = new JsonObject { ["status"] = 200, ["headers"] = new JsonArray() },
        };
    }

    private static IEnumerable<JsonNode> Verdicts(ToolRun run, string verdict) =>
        JsonNode.Parse(run.Output)!["checks"]!.AsArray().Where(check => (string?)check!["verdict"] == verdict).Select(check => check!);

    private Task<ToolRun> ExplainCurlAsync(string command)
    {
        string text = command.Replace("{proof}", _workshop.Right.ToString(), StringComparison.Ordinal).Replace("{token}", _workshop.Token, StringComparison.Ordinal);
        return _bench.RunAsync("explain", "--curl", _bench.Write("curl.txt", text), "--json");
    }
}
