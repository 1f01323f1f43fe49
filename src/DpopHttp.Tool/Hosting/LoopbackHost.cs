using System.Net;
using DpopHttp.Tool.Output;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DpopHttp.Tool.Hosting;

/// <summary>A server on 127.0.0.1, which no other machine can reach.</summary>
internal sealed class LoopbackHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackHost(WebApplication app) => _app = app;

    /// <summary>The origin, such as http://127.0.0.1:9449.</summary>
    public string Origin => _app.Urls.First().TrimEnd('/');

    /// <summary>Listens on the port, or on one that the system picks for 0.</summary>
    /// <exception cref="ToolException">The port is taken.</exception>
    public static async Task<LoopbackHost> StartAsync(int port, RequestDelegate handle, CancellationToken cancellationToken)
    {
        if (port is < 0 or > 65535)
        {
            throw new ToolException($"--port {port} isn't a port: 0 to 65535.");
        }

        // Empty, so that no settings file and no environment variable changes what it does.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        WebApplication app = builder.Build();
        app.Run(handle);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
            return new LoopbackHost(app);
        }
        catch (IOException exception)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new ToolException($"Port {port} on 127.0.0.1 can't be listened on: {exception.Message} Give another with --port, or 0 for any.", exception);
        }
    }

    /// <summary>Waits until the user ends the command.</summary>
    public static async Task WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C is how such a command ends.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }
}
