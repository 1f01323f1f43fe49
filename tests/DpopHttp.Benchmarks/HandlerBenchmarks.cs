using System.Net.Http.Headers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace DpopHttp.Benchmarks;

/// <summary>What a request costs on its way through the handler, without a network.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
public class HandlerBenchmarks : IDisposable
{
    private const string Async = "async";
    private const string Sync = "sync";

    private readonly DpopKey _key = DpopKey.Generate();
    private readonly HttpMessageInvoker _plain = new(new StubPrimary(wantsProof: false));
    private readonly HttpMessageInvoker _dpop;
    private readonly AuthenticationHeaderValue _opaque = new("DPoP", Sample.OpaqueToken);
    private readonly AuthenticationHeaderValue _jwt;
    private readonly AuthenticationHeaderValue _bearer = new("Bearer", Sample.OpaqueToken);

    public HandlerBenchmarks()
    {
        _dpop = new HttpMessageInvoker(new DpopHandler(_key) { InnerHandler = new StubPrimary(wantsProof: true) });
        _jwt = new AuthenticationHeaderValue("DPoP", Sample.JwtToken(_key));
    }

    [Benchmark(Baseline = true), BenchmarkCategory(Async)]
    public Task WithoutHandlerAsync() => SendAsync(_plain, _opaque);

    [Benchmark, BenchmarkCategory(Async)]
    public Task OpaqueTokenAsync() => SendAsync(_dpop, _opaque);

    [Benchmark, BenchmarkCategory(Async)]
    public Task JwtTokenAsync() => SendAsync(_dpop, _jwt);

    [Benchmark, BenchmarkCategory(Async)]
    public Task BearerUpgradeAsync() => SendAsync(_dpop, _bearer);

    [Benchmark(Baseline = true), BenchmarkCategory(Sync)]
    public void WithoutHandler() => Send(_plain, _opaque);

    [Benchmark, BenchmarkCategory(Sync)]
    public void OpaqueToken() => Send(_dpop, _opaque);

    [Benchmark, BenchmarkCategory(Sync)]
    public void JwtToken() => Send(_dpop, _jwt);

    [Benchmark, BenchmarkCategory(Sync)]
    public void BearerUpgrade() => Send(_dpop, _bearer);

    [GlobalCleanup]
    public void Dispose()
    {
        _plain.Dispose();
        _dpop.Dispose();
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    private static async Task SendAsync(HttpMessageInvoker invoker, AuthenticationHeaderValue token)
    {
        using HttpRequestMessage request = CreateRequest(token);
        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
    }

    private static void Send(HttpMessageInvoker invoker, AuthenticationHeaderValue token)
    {
        using HttpRequestMessage request = CreateRequest(token);
        using HttpResponseMessage response = invoker.Send(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
    }

    private static HttpRequestMessage CreateRequest(AuthenticationHeaderValue token) => new(HttpMethod.Get, Sample.Uri)
    {
        Headers = { Authorization = token },
    };
}
