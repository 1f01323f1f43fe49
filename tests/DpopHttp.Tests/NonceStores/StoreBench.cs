using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.NonceStores;

/// <summary>A container, which stands for a process: all that it learnt ends with it.</summary>
internal sealed class StoreBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public StoreBench(DpopNonceStore? store, TimeProvider? time = null, Version? version = null)
    {
        ServiceCollection services = new();
        services.AddFakeLogging();
        services.AddHttpClient("api", http =>
        {
            http.DefaultRequestVersion = version ?? HttpVersion.Version11;
            http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
            http.Timeout = Timeout.InfiniteTimeSpan;
        }).AddDpop(options => (options.NonceStore, options.TimeProvider) = (store, time ?? Unhurried));
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
    }

    /// <summary>The one second is not to run out on a busy machine.</summary>
    public static TimeProvider Unhurried { get; } = new StoppedTimers();

    public HttpClient Client { get; }

    public IEnumerable<FakeLogRecord> Failures => _services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Name == "NonceStoreFailed");

    public async Task CallAsync(Uri uri, bool async, int times = 1, string? token = "DPoP opaque", DpopKey? key = null)
    {
        for (int i = 0; i < times; i++)
        {
            using HttpResponseMessage response = await SendAsync(uri, async, token, key);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    public Task<HttpResponseMessage> SendAsync(Uri uri, bool async, string? token = "DPoP opaque", DpopKey? key = null, CancellationToken cancellationToken = default)
    {
        HttpRequestMessage request = new(HttpMethod.Get, uri) { Version = Client.DefaultRequestVersion, VersionPolicy = Client.DefaultVersionPolicy };
        if (key is not null)
        {
            request.SetDpopKey(key);
        }

        if (token is not null)
        {
            request.Headers.Add("Authorization", token);
        }

        return Client.SendAsync(request, async, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _services.DisposeAsync();
    }
}
