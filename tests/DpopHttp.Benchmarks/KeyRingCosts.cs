using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Benchmarks;

/// <summary>What clients by name cost as they become many: the container's start, each client's first key, its making, and a rotation with the next key of all others.</summary>
internal static class KeyRingCosts
{
    public static async Task RunAsync(TextWriter output, params int[] counts)
    {
        await output.WriteLineAsync("| clients | the platform registers, each | with DPoP and first keys | the platform makes, each | with DPoP | rotation and the next key of every client |");
        await output.WriteLineAsync("| --- | --- | --- | --- | --- | --- |");
        foreach (int count in counts)
        {
            (TimeSpan bareStart, TimeSpan bareMaking) = MeasureBare(count);
            (TimeSpan start, TimeSpan making, TimeSpan rotation) = await MeasureAsync(count);
            IEnumerable<string> cells = new[] { bareStart, start, bareMaking, making, rotation }
                .Select(time => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds / count:0.0} µs"));
            await output.WriteLineAsync($"| {count} | {string.Join(" | ", cells)} |");
        }
    }

    /// <summary>Clients without DPoP.</summary>
    private static (TimeSpan Start, TimeSpan Making) MeasureBare(int count)
    {
        string[] names = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"client-{i}"))];
        long began = Stopwatch.GetTimestamp();
        ServiceCollection services = new();
        foreach (string name in names)
        {
            services.AddHttpClient(name);
        }

        using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        TimeSpan start = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        foreach (string name in names)
        {
            factory.CreateClient(name).Dispose();
        }

        return (start, Stopwatch.GetElapsedTime(began));
    }

    private static async Task<(TimeSpan Start, TimeSpan Making, TimeSpan Rotation)> MeasureAsync(int count)
    {
        long began = Stopwatch.GetTimestamp();
        await using ManyClients clients = new(count);
        clients.GetAll();
        TimeSpan start = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        clients.CreateAll();
        TimeSpan making = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        clients.Rotate();
        clients.GetAll();
        return (start, making, Stopwatch.GetElapsedTime(began));
    }
}
