using Microsoft.Extensions.Hosting;

namespace DpopHttp.Tool.Hosting;

/// <summary>Leaves Ctrl+C to the command line.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
