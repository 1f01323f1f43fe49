using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoopbackServers.Hosting;

/// <summary>Kestrel on 127.0.0.1, on a given port, or for 0 on one that the system picks.</summary>
internal sealed class LoopbackHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public static async Task<LoopbackHost> StartAsync(
        string name, int port, Action<LoopbackExchange>? onExchange, Action<IServiceCollection> addServices, Action<WebApplication> map)
    {
        // Empty, so that no settings file and no environment variable changes what these servers do.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        addServices(builder.Services);

        WebApplication app = builder.Build();
        app.Use(next => context => new ExchangeObservation(name, onExchange, next).InvokeAsync(context));
        map(app);
        try
        {
            await app.StartAsync();
            return new LoopbackHost(app);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
