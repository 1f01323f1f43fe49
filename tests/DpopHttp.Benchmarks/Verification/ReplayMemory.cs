using System.Globalization;
using DpopHttp.Verification;

namespace DpopHttp.Benchmarks.Verification;

/// <summary>How much memory used proofs take, and whether it stays flat.</summary>
internal static class ReplayMemory
{
    private const int Live = 100_000;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(75);

    /// <summary>Prints the bytes per live proof while windows of 100,000 proofs follow each other.</summary>
    public static async Task RunAsync(TextWriter log, int windows = 20)
    {
        MovedTime time = new();
        long idle = Heap();
        DpopMemoryReplayStore store = new(timeProvider: time);
        for (int window = 1; window <= windows; window++)
        {
            for (int i = 0; i < Live; i++)
            {
                DpopReplayKey key = DpopReplayKey.Create("key", "https://api.example.com/orders", string.Create(CultureInfo.InvariantCulture, $"{window}-{i}"));
                if (!await store.TryAddAsync(key, time.GetUtcNow() + Window, CancellationToken.None))
                {
                    throw new InvalidOperationException("A new proof was taken for a used one.");
                }

                time.Offset += Window / Live;
            }

            await log.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"window {window}: {store.Count} entries, {(Heap() - idle) / (double)Live:0} bytes for each of {Live} live proofs"));
        }

        GC.KeepAlive(store);
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true);

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Offset;
    }
}
