using System.Net;
using System.Text.Json.Nodes;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tests.Proxies;

public sealed class ProxyCommandTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private RunningTool _server = null!;

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _server = await _bench.StartAsync("serve", "--port", "0", "--client-secret", "s3cret", "--nonce", "rotate", "--client-id", "demo");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _client.Dispose();
        _bench.Dispose();
    }

    [Theory]
    [InlineData("given")]
    [InlineData("stored")]
    [InlineData("own")]
    public async Task A_client_that_knows_nothing_of_DPoP_gets_through(string source)
    {
        string[] token = source switch
        {
            "given" => ["--token", await _bench.GetTokenAsync(_server)],
            "own" => ["--issuer", _server.Origin, "--client-id", "demo", "--secret", "s3cret"],
            _ => [],
        };
        if (source == "stored")
        {
            (await _bench.RunAsync("token", "--issuer", _server.Origin, "--client-id", "demo", "--secret", "s3cret", "--for", _server.Origin)).Succeeded();
        }

        await using RunningTool proxy = await StartAsync(_server.Origin, token);
        for (int i = 0; i < 3; i++)
        {
            JsonNode answer = JsonNode.Parse(await _client.GetStringAsync(new Uri(proxy.Url + "a%2Fb?c=d"), TestContext.Current.CancellationToken))!;
            Assert.Equal("/a%2Fb", (string?)answer["path"]);
        }

        using ByteArrayContent body = new(new byte[1_000_000]);
        using HttpResponseMessage response = await _client.PostAsync(new Uri(proxy.Url), body, TestContext.Current.CancellationToken);
        Assert.Equal(1_000_000, (int?)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["bytes"]);
        Assert.Equal(0, await proxy.EndAsync());
    }

    [Theory]
    [InlineData("Host", "attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    [InlineData("Origin", "https://mine.example", HttpStatusCode.OK)]
    public async Task Other_web_pages_cannot_use_it(string header, string value, HttpStatusCode expected)
    {
        List<string> seen = [];
        await using LoopbackServer api = await StartApiAsync(seen);
        await using RunningTool proxy = await StartAsync(api.BaseAddress.AbsoluteUri, "--token", "t", "--allow-origin", "https://mine.example");
        using HttpRequestMessage request = new(HttpMethod.Get, proxy.Url + "a");
        request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, seen.Count);
        Assert.Equal(value == "https://mine.example", response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/a")]
    [InlineData("/")]
    [InlineData("/wrong-secret-wrong-secre/a")]
    [InlineData("{secret}x/a")]
    public async Task Without_the_secret_in_the_path_nothing_is_forwarded(string path)
    {
        List<string> seen = [];
        await using LoopbackServer api = await StartApiAsync(seen);
        await using RunningTool proxy = await StartAsync(api.BaseAddress.AbsoluteUri, "--token", "t");
        string secret = new Uri(proxy.Url).AbsolutePath.TrimEnd('/');
        using HttpResponseMessage response = await _client.GetAsync(
            new Uri(proxy.Origin + path.Replace("{secret}", secret, StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(seen);
    }

    [Fact]
    public async Task The_callers_credentials_and_the_secret_stay_here()
    {
        List<string> seen = [];
        await using LoopbackServer api = await StartApiAsync(seen);
        await using RunningTool proxy = await StartAsync(api.BaseAddress.AbsoluteUri, "--token", "the-token");
        using HttpRequestMessage request = new(HttpMethod.Get, proxy.Url + "a");
        request.Headers.TryAddWithoutValidation("Authorization", "Basic abc");
        request.Headers.TryAddWithoutValidation("DPoP", "of-the-caller");
        request.Headers.TryAddWithoutValidation("Referer", proxy.Url);
        request.Headers.TryAddWithoutValidation("X-Own", "kept");
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        string headers = Assert.Single(seen);
        Assert.Contains("Authorization: DPoP the-token", headers, StringComparison.Ordinal);
        Assert.Contains("X-Own: kept", headers, StringComparison.Ordinal);
        Assert.DoesNotContain("of-the-caller", headers, StringComparison.Ordinal);
        Assert.DoesNotContain(new Uri(proxy.Url).AbsolutePath.Trim('/'), headers, StringComparison.Ordinal);
        Assert.DoesNotContain("the-token", proxy.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cookies_go_neither_way()
    {
        // A browser sends the cookies of 127.0.0.1 to every port, and would keep the API's for all of them.
        List<string> seen = [];
        await using LoopbackServer api = await LoopbackServer.StartAsync(context =>
        {
            seen.Add(context.Request.Headers.Cookie.ToString());
            context.Response.Cookies.Append("session", "of-the-api");
            return Task.CompletedTask;
        });
        await using RunningTool proxy = await StartAsync(api.BaseAddress.AbsoluteUri, "--token", "t");
        using HttpRequestMessage request = new(HttpMethod.Get, proxy.Url);
        request.Headers.TryAddWithoutValidation("Cookie", "session=of-another-program");
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal([""], seen);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_redirect_inside_of_the_API_leads_to_the_proxy_and_another_stays()
    {
        await using LoopbackServer api = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(context.Request.Path == "/in" ? $"http://{context.Request.Host}/b" : context.Request.Path == "/path" ? "/b" : "https://other.example/b");
            return Task.CompletedTask;
        });
        await using RunningTool proxy = await StartAsync(api.BaseAddress.AbsoluteUri, "--token", "t");
        Assert.Equal(proxy.Url + "b", await LocationAsync(proxy, "in"));
        Assert.Equal(new Uri(proxy.Url).AbsolutePath + "b", await LocationAsync(proxy, "path"));
        Assert.Equal("https://other.example/b", await LocationAsync(proxy, "out"));
    }

    [Fact]
    public async Task An_API_that_is_not_there_is_a_bad_gateway()
    {
        await using RunningTool proxy = await StartAsync("http://127.0.0.1:1", "--token", "t");
        using HttpResponseMessage response = await _client.GetAsync(new Uri(proxy.Url), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    private async Task<string?> LocationAsync(RunningTool proxy, string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(new Uri(proxy.Url + path), TestContext.Current.CancellationToken);
        return response.Headers.Location?.OriginalString;
    }

    private static Task<LoopbackServer> StartApiAsync(List<string> seen) => LoopbackServer.StartAsync(context =>
    {
        seen.Add(string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}")));
        return context.Response.WriteAsync("ok");
    });

    private Task<RunningTool> StartAsync(string api, params string[] arguments) => _bench.StartAsync(["proxy", "--to", api, "--port", "0", .. arguments]);
}
