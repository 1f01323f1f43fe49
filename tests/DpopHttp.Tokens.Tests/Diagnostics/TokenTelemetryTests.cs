using System.Diagnostics.Metrics;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Diagnostics;

public class TokenTelemetryTests
{
    [Fact]
    public async Task Each_token_request_is_measured_with_the_server_and_what_it_failed_of()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        using MetricCollector<double> collector = new(
            bench.Services.GetRequiredService<IMeterFactory>(), "DpopHttp", "dpop.client.token.request.duration");
        bench.Tokens.Refuse(400, "invalid_client");
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        bench.Tokens.Recover();
        time.Advance(TimeSpan.FromSeconds(6));
        (await bench.GetAsync()).Dispose();
        (await bench.GetAsync()).Dispose();

        IReadOnlyList<CollectedMeasurement<double>> measured = collector.GetMeasurementSnapshot();
        Assert.Equal(["token_refused", null], measured.Select(m => m.Tags.GetValueOrDefault("error.type")));
        Assert.All(measured, m =>
        {
            Assert.Equal(("127.0.0.1", bench.Tokens.BaseAddress.Port), (m.Tags["server.address"], m.Tags["server.port"]));
            Assert.InRange(m.Value, 0, 60);
        });
    }
}
