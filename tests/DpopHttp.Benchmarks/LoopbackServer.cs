using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Benchmarks;

/// <summary>Kestrel on loopback: one port for each protocol asked for, in their order.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app) => _app = app;

    public IReadOnlyList<Uri> Uris => [.. _app.Urls.Select(url => new Uri(url))];

    public static async Task<LoopbackServer> StartAsync(RequestDelegate handle, params HttpProtocols[] protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            foreach (HttpProtocols protocol in protocols)
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocol);
            }
        });
        WebApplication app = builder.Build();
        app.Run(handle);
        await app.StartAsync();
        return new LoopbackServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }
}
