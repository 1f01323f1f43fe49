using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders;

namespace Worker;

/// <summary>A background service that asks the API for the orders, several times a second for as long as it runs.</summary>
internal sealed class OrderWatch(OrdersClient orders, Tally tally, ILogger<OrderWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval);
        using StatusLine status = new(tally);
        try
        {
            do
            {
                await AskAsync(stoppingToken);
                status.Show();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: this is how the loop ends.
        }
    }

    private async Task AskAsync(CancellationToken stoppingToken)
    {
        try
        {
            await orders.ListAsync(stoppingToken);
            tally.NoteCall(succeeded: true);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            tally.NoteCall(succeeded: false);
            logger.LogError(exception, "The orders could not be listed.");
        }
    }
}
