using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Benchmarks;

/// <summary>What clients by name cost as they become many: the container's start, each client's first key, and a rotation with the next key of all others.</summary>
internal static class KeyRingCosts
{
    public static async Task RunAsync(TextWriter output, params int[] counts)
    {
        await output.WriteLineAsync("| clients | the platform registers, each | with DPoP and first keys, each | rotation and the next key of every client, each |");
        await output.WriteLineAsync("| --- | --- | --- | --- |");
        foreach (int count in counts)
        {
            TimeSpan bare = MeasureBare(count);
            (TimeSpan start, TimeSpan rotation) = await MeasureAsync(count);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"| {count} | {bare.TotalMicroseconds / count:0.0} µs | {start.TotalMicroseconds / count:0.0} µs | {rotation.TotalMicroseconds / count:0.00} µs |"));
        }
    }

    /// <summary>Clients without DPoP.</summary>
    private static TimeSpan MeasureBare(int count)
    {
        long began = Stopwatch.GetTimestamp();
        ServiceCollection services = new();
        for (int i = 0; i < count; i++)
        {
            services.AddHttpClient(string.Create(CultureInfo.InvariantCulture, $"client-{i}"));
        }

        using ServiceProvider provider = services.BuildServiceProvider();
        _ = provider.GetRequiredService<IHttpClientFactory>();
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task<(TimeSpan Start, TimeSpan Rotation)> MeasureAsync(int count)
    {
        long began = Stopwatch.GetTimestamp();
        await using ManyClients clients = new(count);
        clients.GetAll();
        TimeSpan start = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        clients.Rotate();
        clients.GetAll();
        return (start, Stopwatch.GetElapsedTime(began));
    }
}
