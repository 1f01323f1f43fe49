using System.Net.Http.Headers;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace DpopHttp.Benchmarks;

/// <summary>What a request costs on its way through the handler, without a network.</summary>
[MemoryDiagnoser]
[CategoriesColumn]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
public class HandlerBenchmarks : IDisposable
{
    private const string Text = "text";
    private const string Typed = "typed";
    private const string Sync = "sync";

    private readonly DpopKey _key = DpopKey.Generate();
    private readonly AuthenticationHeaderValue _opaque = new("DPoP", Sample.OpaqueToken);
    private readonly AuthenticationHeaderValue _bearer = new("Bearer", Sample.OpaqueToken);
    private readonly AuthenticationHeaderValue _jwt;
    private readonly string _jwtText;
    private HttpMessageInvoker _plain = null!;
    private HttpMessageInvoker _dpop = null!;

    public HandlerBenchmarks()
    {
        _jwt = new AuthenticationHeaderValue("DPoP", Sample.JwtToken(_key));
        _jwtText = _jwt.ToString();
    }

    /// <summary>Whether the inner handler answers later.</summary>
    [Params(false, true)]
    public bool Waits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _plain = new HttpMessageInvoker(new StubPrimary(wantsProof: false, Waits));
        _dpop = new HttpMessageInvoker(new DpopHandler(_key) { InnerHandler = new StubPrimary(wantsProof: true, Waits) });
    }

    [Benchmark(Baseline = true), BenchmarkCategory(Text)]
    public Task WithoutHandlerTextAsync() => SendAsync(_plain, _jwtText);

    [Benchmark, BenchmarkCategory(Text)]
    public Task JwtTextAsync() => SendAsync(_dpop, _jwtText);

    [Benchmark(Baseline = true), BenchmarkCategory(Typed)]
    public Task WithoutHandlerAsync() => SendAsync(_plain, _opaque);

    [Benchmark, BenchmarkCategory(Typed)]
    public Task OpaqueTokenAsync() => SendAsync(_dpop, _opaque);

    [Benchmark, BenchmarkCategory(Typed)]
    public Task JwtTokenAsync() => SendAsync(_dpop, _jwt);

    [Benchmark, BenchmarkCategory(Typed)]
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

    private static async Task SendAsync(HttpMessageInvoker invoker, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Sample.Uri);
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
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
