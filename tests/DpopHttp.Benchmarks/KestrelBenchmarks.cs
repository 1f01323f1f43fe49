using System.Net.Http.Headers;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Benchmarks;

/// <summary>What a caller notices: a small GET over a real connection, with the handler and without.</summary>
[MemoryDiagnoser]
public class KestrelBenchmarks : IAsyncDisposable
{
    private static readonly AuthenticationHeaderValue Token = new("DPoP", Sample.OpaqueToken);

    private DpopKey _key = null!;
    private LoopbackServer _server = null!;
    private HttpClient _plain = null!;
    private HttpClient _dpop = null!;

    [Params("1.1", "2.0")]
    public string Version { get; set; } = "";

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _key = DpopKey.Generate();
        _server = await LoopbackServer.StartAsync(AnswerAsync, Version == "2.0" ? HttpProtocols.Http2 : HttpProtocols.Http1);
        _plain = Client(new SocketsHttpHandler());
        _dpop = Client(new DpopHandler(_key) { InnerHandler = new SocketsHttpHandler() });
    }

    [Benchmark(Baseline = true)]
    public Task WithoutHandlerAsync() => GetAsync(_plain, "/plain");

    [Benchmark]
    public Task WithHandlerAsync() => GetAsync(_dpop, "/dpop");

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _plain.Dispose();
        _dpop.Dispose();
        _key.Dispose();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private HttpClient Client(HttpMessageHandler handler) => new(handler) { BaseAddress = _server.Uris[0] };

    private async Task GetAsync(HttpClient client, string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path)
        {
            Version = System.Version.Parse(Version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Authorization = Token },
        };
        using HttpResponseMessage response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Refuses a request that is not as the benchmark means it to be.</summary>
    private static Task AnswerAsync(HttpContext context)
    {
        bool isRight = context.Request.Headers.ContainsKey("DPoP") == (context.Request.Path == "/dpop");
        context.Response.StatusCode = isRight ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return context.Response.WriteAsync("""{"ok":true}""");
    }
}
