using System.Globalization;
using BenchmarkDotNet.Attributes;

namespace DpopHttp.Benchmarks;

/// <summary>Requests to more origins, or with more tokens, than are remembered, beside one origin and one token.</summary>
[MemoryDiagnoser]
public class CacheBenchmarks : IDisposable
{
    private const int Count = 4_096;

    private readonly DpopKey _key = DpopKey.Generate();
    private readonly HttpMessageInvoker _dpop;
    private readonly Uri[] _origins;
    private readonly string[] _tokens;
    private int _next;

    public CacheBenchmarks()
    {
        string token = Sample.JwtToken(_key);
        _dpop = new HttpMessageInvoker(new DpopHandler(_key) { InnerHandler = new StubPrimary(wantsProof: true, waits: true) });
        _origins = [.. Enumerable.Range(0, Count).Select(i => new Uri(string.Create(CultureInfo.InvariantCulture, $"https://h{i}.example.com/v1/orders/4711")))];
        _tokens = [.. Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"DPoP {token}{i}"))];
    }

    [Benchmark(Baseline = true)]
    public Task HitAsync() => SendAsync(_origins[0], _tokens[0]);

    [Benchmark]
    public Task AnotherOriginEachTimeAsync() => SendAsync(_origins[_next++ % Count], _tokens[0]);

    [Benchmark]
    public Task AnotherTokenEachTimeAsync() => SendAsync(_origins[0], _tokens[_next++ % Count]);

    [GlobalCleanup]
    public void Dispose()
    {
        _dpop.Dispose();
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task SendAsync(Uri uri, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("Authorization", token);
        using HttpResponseMessage response = await _dpop.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
    }
}
