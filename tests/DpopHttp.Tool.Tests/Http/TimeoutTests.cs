using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;

namespace DpopHttp.Tool.Tests.Http;

/// <summary>A server that reads requests and never answers, and --timeout.</summary>
public sealed class TimeoutTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private readonly CancellationTokenSource _end = new();
    private LoopbackServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await Task.Delay(Timeout.Infinite, _end.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _server.DisposeAsync();
        _end.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Probe_says_so() => AssertTold(await _bench.RunAsync("probe", _server.BaseAddress.AbsoluteUri, "--token", "t", "--timeout", "1"));

    [Fact]
    public async Task Call_says_so()
    {
        AssertTold(await CallAsync());
        AssertTold(await CallAsync("-d", "text"));
    }

    [Fact]
    public async Task A_call_with_a_body_that_is_streamed_is_given_the_time_after_the_body()
    {
        AssertTold(await CallAsync("-d", "@" + _bench.Write("text", "guten Tag")));
        _bench.Input = "guten Tag";
        AssertTold(await CallAsync("-d", "@-"));
    }

    [Theory]
    [InlineData("--secret", "s")]
    [InlineData("--device")]
    public async Task Token_says_so(params string[] arguments) => AssertTold(await _bench.RunAsync(
        ["token", "--issuer", _server.BaseAddress.AbsoluteUri, "--client-id", "c", "--print", "--timeout", "1", .. arguments]));

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Through_the_proxy_it_is_a_gateway_timeout(string method)
    {
        await using RunningTool proxy = await _bench.StartAsync("proxy", "--to", _server.BaseAddress.AbsoluteUri, "--port", "0", "--token", "t", "--timeout", "1");
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Parse(method), proxy.Url) { Content = method == "POST" ? new StringContent("guten Tag") : null };
        using HttpResponseMessage response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("--timeout", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task<ToolRun> CallAsync(params string[] arguments) => _bench.RunAsync(["call", _server.BaseAddress.AbsoluteUri, "--timeout", "1", .. arguments]);

    private static void AssertTold(ToolRun run) => Assert.Contains("--timeout", run.Failed().Error, StringComparison.Ordinal);
}
