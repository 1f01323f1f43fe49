using System.Net;
using System.Text.Json.Nodes;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Serving;

public sealed class ServeCommandTests : IDisposable
{
    private readonly ToolBench _bench = new();

    [Theory]
    [InlineData("off", 4)]
    [InlineData("required", 5)]
    [InlineData("rotate", 5)]
    [InlineData("one-time", 5)]
    public async Task A_client_that_learns_nonces_gets_through_in_each_mode(string mode, int requests)
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        await using RunningTool server = await StartAsync("--nonce", mode);
        string token = await _bench.GetTokenAsync(server);
        using DpopKey key = new DpopKeyFile(_bench.PathOf("key.json")).Open();
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "DPoP " + token);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(server.Origin + "/a%2Fb?c=d"), TestContext.Current.CancellationToken)).StatusCode);
        }

        Assert.Equal(requests, server.Output.Split('\n').Count(line => line.Contains("T /", StringComparison.Ordinal)));
        Assert.Equal(0, await server.EndAsync());
    }

    [Fact]
    public async Task A_nonce_that_is_never_accepted_ends_in_the_challenge()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        await using RunningTool open = await StartAsync();
        string token = await _bench.GetTokenAsync(open);
        await using RunningTool server = await StartAsync("--nonce", "never-accepted", "--issuer", open.Origin);
        ToolRun run = await _bench.RunAsync("call", server.Origin + "/a", "--token", token);
        Assert.Equal(22, run.ExitCode);
        Assert.Contains("use_dpop_nonce", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_says_why_in_the_answer_and_on_the_screen()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        await using RunningTool server = await StartAsync();
        string token = await _bench.GetTokenAsync(server);
        string proof = (await _bench.RunAsync("proof", "--url", server.Origin + "/orders/", "--token", token)).Succeeded().Word;
        (HttpResponseMessage response, JsonNode body) = await GetAsync(server.Origin + "/orders", "DPoP " + token, proof);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_dpop_proof", (string?)body["error"]);
        Assert.Equal("Uri", (string?)body["check"]);
        Assert.Equal("RFC 9449 section 4.3, item 9", (string?)body["section"]);
        Assert.Equal(server.Origin + "/orders", (string?)body["seen"]);
        Assert.Contains("error=\"invalid_dpop_proof\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Contains("401 GET /orders  invalid_dpop_proof", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(token, server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "has no access token")]
    [InlineData("Bearer {token}", "another scheme")]
    [InlineData("DPoP abc", "isn't a JWT")]
    [InlineData("DPoP {token}x", "signature")]
    [InlineData("DPoP {token}", "0 DPoP header fields")]
    public async Task Tokens_are_looked_at(string? authorization, string reason)
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        await using RunningTool server = await StartAsync();
        string token = await _bench.GetTokenAsync(server);
        (_, JsonNode body) = await GetAsync(server.Origin + "/", authorization?.Replace("{token}", token, StringComparison.Ordinal), null);
        Assert.Contains(reason, (string?)body["error_description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_public_address_is_what_htu_is_compared_with()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        await using RunningTool server = await StartAsync("--public-url", "https://api.example.com/v1");
        using DpopKey key = new DpopKeyFile(_bench.PathOf("key.json")).Open();
        string proof = DpopProof.Create(key, HttpMethod.Post, new Uri("https://api.example.com/v1/token"));
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, server.Origin + "/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", "demo"), new("client_secret", "s3cret")]) };
        request.Headers.Add("DPoP", proof);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Mistakes_are_errors()
    {
        (await _bench.RunAsync("serve", "--nonce", "sometimes")).Failed();
        (await _bench.RunAsync("serve", "--port", "70000")).Failed();
        await using RunningTool server = await StartAsync();
        Assert.Contains("--port", (await _bench.RunAsync("serve", "--port", new Uri(server.Origin).Port.ToString(System.Globalization.CultureInfo.InvariantCulture))).Failed().Error, StringComparison.Ordinal);
        Assert.Contains("no metadata", (await _bench.RunAsync("serve", "--port", "0", "--issuer", server.Origin + "/other")).Failed().Error, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    private Task<RunningTool> StartAsync(params string[] arguments) => _bench.StartAsync(["serve", "--port", "0", "--client-secret", "s3cret", .. arguments]);

    private static async Task<(HttpResponseMessage Response, JsonNode Body)> GetAsync(string url, string? authorization, string? proof)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        if (proof is not null)
        {
            request.Headers.Add("DPoP", proof);
        }

        HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!);
    }
}
