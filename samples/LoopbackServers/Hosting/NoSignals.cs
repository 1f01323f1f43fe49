using Microsoft.Extensions.Hosting;

namespace LoopbackServers.Hosting;

/// <summary>Leaves Ctrl+C to the program around the servers; they end with DisposeAsync alone.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
