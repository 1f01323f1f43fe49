using System.Diagnostics;
using DpopHttp.Integrations.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DpopHttp.Integrations.Tests.Factory;

public class OpenTelemetryTests
{
    [Fact]
    public async Task Traces_and_metrics_are_collected()
    {
        await using Gate gate = await Gate.StartAsync();
        List<Activity> activities = [];
        List<Metric> metrics = [];
        ServiceCollection services = new();
        services.AddHttpClient("orders").AddDpop();
        services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource("DpopHttp"))
            .WithMetrics(metering => metering.AddMeter("DpopHttp"));
        services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddInMemoryExporter(activities));
        services.ConfigureOpenTelemetryMeterProvider(metering => metering.AddInMemoryExporter(metrics));
        await using ServiceProvider provider = services.BuildServiceProvider();
        TracerProvider tracer = provider.GetRequiredService<TracerProvider>();
        MeterProvider meter = provider.GetRequiredService<MeterProvider>();
        using HttpClient orders = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        orders.DefaultRequestHeaders.Add("Authorization", "Bearer opaque");
        await orders.GetStringAsync(new Uri(gate.Address, "orders"));
        meter.ForceFlush();

        // Flushes, and keeps out what other tests do.
        tracer.Dispose();
        Assert.Contains(activities, activity => activity.OperationName == "dpop.replay");
        Assert.Superset(
            new HashSet<string> { "dpop.client.proofs", "dpop.client.challenges", "dpop.client.replays" },
            metrics.Select(metric => metric.Name).ToHashSet());
    }
}
