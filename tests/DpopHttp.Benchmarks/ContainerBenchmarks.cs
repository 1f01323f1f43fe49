using System.Net.Http.Headers;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Benchmarks;

/// <summary>A request of a client from the factory: bare, with a token of the caller's, and with one that the client gets for itself.</summary>
[MemoryDiagnoser]
public class ContainerBenchmarks : IAsyncDisposable
{
    private LoopbackServer _identity = null!;
    private ServiceProvider _services = null!;
    private HttpClient _bare = null!;
    private HttpClient _dpop = null!;
    private HttpClient _tokens = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _identity = await LoopbackServer.StartAsync(
            context => context.Response.WriteAsJsonAsync(new Dictionary<string, object> { ["access_token"] = Sample.OpaqueToken, ["token_type"] = "DPoP", ["expires_in"] = 3600 }),
            HttpProtocols.Http1);
        ServiceCollection services = new();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddHttpClient("bare").ConfigurePrimaryHttpMessageHandler(() => new StubPrimary(wantsProof: false));
        services.AddHttpClient("dpop").AddDpop().ConfigurePrimaryHttpMessageHandler(() => new StubPrimary(wantsProof: true));
        services.AddHttpClient("tokens").AddDpop().ConfigurePrimaryHttpMessageHandler(() => new StubPrimary(wantsProof: true)).AddDpopClientCredentials(options =>
        {
            options.TokenEndpoint = _identity.Uris[0];
            options.ClientId = "benchmark";
            options.ClientSecret = "a secret of the benchmark";
        });
        _services = services.BuildServiceProvider();
        IHttpClientFactory factory = _services.GetRequiredService<IHttpClientFactory>();
        (_bare, _dpop, _tokens) = (factory.CreateClient("bare"), factory.CreateClient("dpop"), factory.CreateClient("tokens"));
        _bare.DefaultRequestHeaders.Authorization = _dpop.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("DPoP", Sample.OpaqueToken);
        await WithTokensAsync();
    }

    [Benchmark(Baseline = true)]
    public Task BareAsync() => GetAsync(_bare);

    [Benchmark]
    public Task WithDpopAsync() => GetAsync(_dpop);

    [Benchmark]
    public Task WithTokensAsync() => GetAsync(_tokens);

    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _bare.Dispose();
        _dpop.Dispose();
        _tokens.Dispose();
        await _services.DisposeAsync();
        await _identity.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task GetAsync(HttpClient client)
    {
        using HttpResponseMessage response = await client.GetAsync(Sample.Uri);
        response.EnsureSuccessStatusCode();
    }
}
