using System.Text.Json.Nodes;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tests.Calls;

public sealed class CallCommandTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private RunningTool _server = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _server = await _bench.StartAsync("serve", "--port", "0", "--client-secret", "s3cret", "--nonce", "required");
        _token = await _bench.GetTokenAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task The_body_of_the_answer_is_all_that_is_printed()
    {
        ToolRun run = (await CallAsync("/orders?page=2")).Succeeded();
        Assert.Equal("/orders", (string?)JsonNode.Parse(run.Output)!["path"]);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Verbose_shows_each_attempt_and_no_secret()
    {
        ToolRun run = (await CallAsync("/orders", "-v")).Succeeded();
        Assert.Contains("< HTTP/1.1 401 Unauthorized", run.Error, StringComparison.Ordinal);
        Assert.Contains("* Attempt 2: with the nonce that the server gave.", run.Error, StringComparison.Ordinal);
        Assert.Contains("< HTTP/1.1 200 OK", run.Error, StringComparison.Ordinal);
        Assert.Contains($"htu={Unknown}/orders", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_token, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_token.Split('.')[2], run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ0eXAiOiJkcG9w", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_of_400_or_more_is_exit_code_22_with_the_reason()
    {
        ToolRun run = await _bench.RunAsync("call", _server.Origin + "/", "--token", "no-token");
        Assert.Equal(22, run.ExitCode);
        Assert.Contains("401 Unauthorized: invalid_token, The access token isn't a JWT", run.Error, StringComparison.Ordinal);
        Assert.Contains("invalid_token", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-d", "a=b", "POST", 3)]
    [InlineData("--json", "{\"a\":1}", "POST", 7)]
    [InlineData("-d", "", "POST", 0)]
    public async Task A_text_is_sent(string option, string data, string method, int bytes)
    {
        JsonNode answer = JsonNode.Parse((await CallAsync("/", option, data)).Succeeded().Output)!;
        Assert.Equal(method, (string?)answer["method"]);
        Assert.Equal(bytes, (int?)answer["bytes"]);
    }

    [Fact]
    public async Task A_file_is_sent_whole_after_a_challenge()
    {
        File.WriteAllBytes(_bench.PathOf("big"), new byte[5_000_000]);
        JsonNode answer = JsonNode.Parse((await CallAsync("/", "-X", "PUT", "-d", "@" + _bench.PathOf("big"), "-H", "Content-Type: application/x-tar")).Succeeded().Output)!;
        Assert.Equal("PUT", (string?)answer["method"]);
        Assert.Equal(5_000_000, (int?)answer["bytes"]);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_file_keeps_its_headers_where_a_redirect_sends_it(int status)
    {
        List<string> seen = [];
        await using LoopbackServer api = await LoopbackServer.StartAsync(async context =>
        {
            IHeaderDictionary headers = context.Request.Headers;
            using StreamReader body = new(context.Request.Body);
            seen.Add($"{headers.ContentType} {headers.ContentLanguage} {headers.ContentLength} {await body.ReadToEndAsync()}");
            if (context.Request.Path == "/from")
            {
                context.Response.Headers.Location = "/to";
                context.Response.StatusCode = status;
            }
        });
        string file = _bench.Write("text", "guten Tag");
        (await _bench.RunAsync(
            "call", api.BaseAddress + "from", "-X", "PUT", "-d", "@" + file, "-H", "Content-Type: text/plain", "-H", "Content-Language: de")).Succeeded();
        Assert.Equal(["text/plain de 9 guten Tag", "text/plain de 9 guten Tag"], seen);
    }

    [Fact]
    public async Task Standard_input_is_sent_whole_after_a_challenge()
    {
        _bench.Input = new string('x', 100_000);
        Assert.Equal(100_000, (int?)JsonNode.Parse((await CallAsync("/", "-d", "@-")).Succeeded().Output)!["bytes"]);
    }

    [Fact]
    public async Task The_body_goes_to_a_file_and_the_headers_to_the_screen()
    {
        ToolRun run = (await CallAsync("/a", "-i", "-o", _bench.PathOf("out"))).Succeeded();
        Assert.StartsWith("HTTP/1.1 200 OK", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("thumbprint", run.Output, StringComparison.Ordinal);
        Assert.Equal("/a", (string?)JsonNode.Parse(File.ReadAllText(_bench.PathOf("out")))!["path"]);
    }

    [Fact]
    public async Task An_answer_is_handed_on_as_it_comes()
    {
        TaskCompletionSource goOn = new();
        await using LoopbackServer stream = await LoopbackServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("data: first\n\n");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            await context.Response.WriteAsync("data: second\n\n");
        });
        using MemoryStream bytes = new();
        ToolConsole console = new(TextWriter.Null, TextWriter.Null, TextReader.Null, _bench.Variables.GetValueOrDefault, TimeProvider.System, _bench.Terminal) { OutputStream = bytes };
        Task<int> run = ToolRunner.RunAsync(["call", stream.BaseAddress.AbsoluteUri], console, TestContext.Current.CancellationToken);
        while (bytes.Length == 0)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.False(run.IsCompleted);
        goOn.SetResult();
        Assert.Equal(0, await run);
        Assert.Equal("data: first\n\ndata: second\n\n", System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
    }

    [Fact]
    public async Task A_redirect_to_another_origin_goes_without_token_and_proof()
    {
        List<string> seen = [];
        await using LoopbackServer other = await LoopbackServer.StartAsync(context =>
        {
            seen.Add($"{context.Request.Headers.Authorization}{context.Request.Headers["DPoP"]}");
            return Task.CompletedTask;
        });
        await using LoopbackServer first = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(other.BaseAddress.AbsoluteUri);
            return Task.CompletedTask;
        });
        ToolRun run = (await _bench.RunAsync("call", first.BaseAddress.AbsoluteUri, "--token", _token, "-v")).Succeeded();
        Assert.Equal([""], seen);
        Assert.Contains("* Attempt 2: the server redirects.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_are_errors()
    {
        Assert.Contains("makes a proof for each attempt", (await CallAsync("/", "-H", "DPoP: x")).Failed().Error, StringComparison.Ordinal);
        (await CallAsync("/", "-H", "no colon")).Failed();
        (await CallAsync("/", "-d", "a", "--json", "b")).Failed();
        (await CallAsync("/", "-d", "@" + _bench.PathOf("none"))).Failed();
        (await CallAsync("/", "-H", "Content-Type: text/plain")).Failed();
        (await CallAsync("/", "--cacert", _bench.Write("empty.pem", ""))).Failed();
        (await CallAsync("/", "--timeout", "0")).Failed();
        Assert.Contains("or give --insecure-http", (await _bench.RunAsync("call", "http://api.example.com/", "--token", _token)).Failed().Error, StringComparison.Ordinal);
        ToolRun refused = (await _bench.RunAsync("call", "http://127.0.0.1:1/")).Failed();
        Assert.Contains("refused", refused.Error, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The server by another name is a server that nothing is known of: the first attempt is challenged.</summary>
    private string Unknown => _server.Origin.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    private Task<ToolRun> CallAsync(string path, params string[] arguments) => _bench.RunAsync(["call", Unknown + path, "--token", _token, .. arguments]);
}
