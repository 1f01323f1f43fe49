using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Benchmarks;

/// <summary>What clients by name cost as they become many: the container's start, each client's first key, and a rotation with the next key of all others.</summary>
internal static class KeyRingCosts
{
    private static readonly int[] Counts = [10, 100, 1_000, 10_000];

    public static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| clients | registered and first keys, each | rotation and the next key of every client, each |");
        await output.WriteLineAsync("| --- | --- | --- |");
        foreach (int count in Counts)
        {
            (TimeSpan start, TimeSpan rotation) = await MeasureAsync(count);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"| {count} | {start.TotalMicroseconds / count:0.0} µs | {rotation.TotalMicroseconds / count:0.00} µs |"));
        }
    }

    /// <summary>The clients share one key, so that making keys is not what is measured.</summary>
    private static async Task<(TimeSpan Start, TimeSpan Rotation)> MeasureAsync(int count)
    {
        long began = Stopwatch.GetTimestamp();
        ServiceCollection services = new();
        services.AddDpopKey("shared", _ => { });
        for (int i = 0; i < count; i++)
        {
            services.AddHttpClient(NameOf(i)).AddDpop(options => options.KeyName = "shared");
        }

        await using ServiceProvider provider = services.BuildServiceProvider();
        DpopKeyRing keys = provider.GetRequiredService<DpopKeyRing>();
        DpopKey first = keys.Get(NameOf(0));
        for (int i = 0; i < count; i++)
        {
            Require(ReferenceEquals(first, keys.Get(NameOf(i))));
        }

        TimeSpan start = Stopwatch.GetElapsedTime(began);
        began = Stopwatch.GetTimestamp();
        DpopKey next = keys.Rotate(NameOf(0));
        for (int i = 0; i < count; i++)
        {
            Require(ReferenceEquals(next, keys.Get(NameOf(i))));
        }

        return (start, Stopwatch.GetElapsedTime(began));
    }

    private static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"client-{i}");

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("A client has another key than it should.");
        }
    }
}
