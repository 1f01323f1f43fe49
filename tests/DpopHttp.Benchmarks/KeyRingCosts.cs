using System.Diagnostics;
using System.Globalization;

namespace DpopHttp.Benchmarks;

/// <summary>What clients by name cost as they become many: the container's start, each client's first key, and a rotation with the next key of all others.</summary>
internal static class KeyRingCosts
{
    public static async Task RunAsync(TextWriter output, params int[] counts)
    {
        await output.WriteLineAsync("| clients | registered and first keys, each | rotation and the next key of every client, each |");
        await output.WriteLineAsync("| --- | --- | --- |");
        foreach (int count in counts)
        {
            (TimeSpan start, TimeSpan rotation) = await MeasureAsync(count);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"| {count} | {start.TotalMicroseconds / count:0.0} µs | {rotation.TotalMicroseconds / count:0.00} µs |"));
        }
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
