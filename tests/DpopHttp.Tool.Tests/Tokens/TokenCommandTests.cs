using System.Text.Json.Nodes;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Tokens;

public sealed class TokenCommandTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private RunningTool _server = null!;

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _server = await _bench.StartAsync("serve", "--port", "0", "--client-secret", "s3cret-s3cret-s3cret-s3cret", "--nonce", "required");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task The_token_is_stored_beside_the_key_and_found_by_call()
    {
        ToolRun run = (await GetAsync("--for", _server.Origin + "/orders", "--scope", "read")).Succeeded();
        string file = _bench.PathOf("key.json.tokens");
        string token = (string)JsonNode.Parse(File.ReadAllText(file))![0]!["access_token"]!;
        Assert.DoesNotContain(token, run.Output + run.Error, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        ToolRun call = (await _bench.RunAsync("call", _server.Origin + "/orders")).Succeeded();
        Assert.Equal("read", (string?)JsonNode.Parse(call.Output)!["scope"]);
    }

    [Fact]
    public async Task A_stored_token_goes_to_no_other_origin()
    {
        (await GetAsync("--for", "https://api.example.com")).Succeeded();
        ToolRun run = await _bench.RunAsync("call", _server.Origin + "/orders");
        Assert.Equal(22, run.ExitCode);
        Assert.Contains("has no access token", run.Output, StringComparison.Ordinal);
        Assert.Contains($"No stored token is for {_server.Origin}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_token_takes_the_place_of_the_older_one()
    {
        (await GetAsync("--for", _server.Origin)).Succeeded();
        (await GetAsync("--for", _server.Origin)).Succeeded();
        (await GetAsync("--for", "https://api.example.com")).Succeeded();
        Assert.Equal(2, JsonNode.Parse(File.ReadAllText(_bench.PathOf("key.json.tokens")))!.AsArray().Count);
    }

    [Fact]
    public async Task A_token_of_another_key_is_not_used()
    {
        (await GetAsync("--for", _server.Origin)).Succeeded();
        File.Delete(_bench.PathOf("key.json"));
        (await _bench.RunAsync("key", "new")).Succeeded();
        Assert.Equal(22, (await _bench.RunAsync("call", _server.Origin + "/orders")).ExitCode);
    }

    [Fact]
    public async Task Print_prints_the_token_alone_and_stores_nothing()
    {
        ToolRun run = (await GetAsync("--print")).Succeeded();
        Assert.Equal(3, run.Word.Split('.').Length);
        Assert.Empty(run.Error);
        Assert.False(File.Exists(_bench.PathOf("key.json.tokens")));
        (await _bench.RunAsync("call", _server.Origin + "/", "--token", run.Word)).Succeeded();
    }

    [Fact]
    public async Task Secrets_can_come_from_a_file_or_the_environment()
    {
        string file = _bench.Write("secret", "s3cret-s3cret-s3cret-s3cret\n");
        (await _bench.RunAsync("token", "--issuer", _server.Origin, "--client-id", "demo", "--secret-file", file, "--print")).Succeeded();
        _bench.Variables["DPOP_CLIENT_SECRET"] = "s3cret-s3cret-s3cret-s3cret";
        (await _bench.RunAsync("token", "--issuer", _server.Origin, "--client-id", "demo", "--print")).Succeeded();
    }

    [Fact]
    public async Task A_refusal_is_an_error_without_the_secret()
    {
        ToolRun run = (await _bench.RunAsync("token", "--issuer", _server.Origin, "--client-id", "demo", "--secret", "wr0ng-secret", "--print")).Failed();
        Assert.Contains("invalid_client", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng-secret", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_are_errors()
    {
        Assert.Contains("--issuer", (await _bench.RunAsync("token", "--print")).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("--client-id", (await _bench.RunAsync("token", "--issuer", _server.Origin, "--print")).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("--for", (await GetAsync()).Failed().Error, StringComparison.Ordinal);
        (await _bench.RunAsync("token", "--issuer", _server.Origin, "--client-id", "demo", "--assertion-key", _bench.Write("key.pem", "none"), "--print")).Failed();
        File.WriteAllText(_bench.PathOf("key.json.tokens"), "damaged");
        (await GetAsync("--for", _server.Origin)).Failed();
        Assert.Equal("damaged", File.ReadAllText(_bench.PathOf("key.json.tokens")));
    }

    private Task<ToolRun> GetAsync(params string[] arguments) =>
        _bench.RunAsync(["token", "--issuer", _server.Origin, "--client-id", "demo", "--secret", "s3cret-s3cret-s3cret-s3cret", .. arguments]);
}
