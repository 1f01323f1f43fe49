using System.Buffers.Text;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;

namespace DpopHttp.Benchmarks;

/// <summary>A thousand first calls at once, to an origin that demands a nonce that nobody knows.</summary>
[MemoryDiagnoser]
public class ColdStartBenchmarks : IDisposable
{
    private const int Calls = 1_000;

    private readonly string _privateKey;
    private readonly DpopKey _key = DpopKey.Generate();
    private int _origin;

    public ColdStartBenchmarks() => _privateKey = _key.ExportPrivateJwk();

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public Task NonceKnownAsync() => SendAllAsync(_key, new Uri("https://known.example.com/orders"));

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task NonceUnknownAsync()
    {
        using DpopKey key = DpopKey.FromJwk(_privateKey);
        await SendAllAsync(key, new Uri($"https://h{++_origin}.example.com/orders"));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }

    private static async Task SendAllAsync(DpopKey key, Uri uri)
    {
        using HttpMessageInvoker invoker = new(new DpopHandler(key) { InnerHandler = new NonceDemandingPrimary() });
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => SendAsync(invoker, uri)));
    }

    private static async Task SendAsync(HttpMessageInvoker invoker, Uri uri)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, uri);
        using HttpResponseMessage response = await invoker.SendAsync(request, CancellationToken.None);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Answers later, and takes only proofs that have its nonce.</summary>
    private sealed class NonceDemandingPrimary : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            string payload = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(request.Headers.NonValidated["DPoP"].ToString().Split('.')[1]));
            bool accepts = payload.Contains(Sample.Nonce, StringComparison.Ordinal);
            HttpResponseMessage response = new(accepts ? HttpStatusCode.OK : HttpStatusCode.Unauthorized) { RequestMessage = request };
            response.Headers.TryAddWithoutValidation("DPoP-Nonce", Sample.Nonce);
            if (!accepts)
            {
                response.Headers.TryAddWithoutValidation("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"");
            }

            return response;
        }
    }
}
