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

    private static void AssertTold(ToolRun run) => Assert.Contains("--timeout", run.Failed().Error, StringComparison.Ordinal);
}
