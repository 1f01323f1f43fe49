using System.Diagnostics;

namespace DpopHttp.Benchmarks;

/// <summary>
/// One of several things that are measured in turn, thousands of times. Times are compared within each turn, and the median of the quotients counts: what else the machine
/// does falls on all alike, and a turn that was interrupted does not matter.
/// </summary>
internal sealed class CostCase(string name, Action run)
{
    private readonly List<double> _times = [];

    public string Name => name;

    /// <summary>Of one call in the median turn, in microseconds.</summary>
    public double Time => Median(_times);

    /// <summary>Of one call.</summary>
    public double Bytes { get; private set; }

    public static void Take(IReadOnlyList<CostCase> cases, int turns, int callsPerTurn)
    {
        // What comes before is the start-up's: code that isn't optimized yet.
        for (int turn = -turns / 2; turn < turns; turn++)
        {
            foreach (CostCase one in cases)
            {
                one.Take(callsPerTurn, isCounted: turn >= 0);
            }
        }
    }

    /// <summary>What it takes as a multiple of another case.</summary>
    public double RatioTo(CostCase unit) => Median(_times.Zip(unit._times, (time, one) => time / one));

    /// <summary>What it takes more than <paramref name="bare"/>, as a multiple of <paramref name="unit"/>.</summary>
    public double Above(CostCase bare, CostCase unit) => Median(_times.Zip(bare._times, (time, without) => time - without).Zip(unit._times, (more, one) => more / one));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private void Take(int calls, bool isCounted)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            run();
        }

        double time = Stopwatch.GetElapsedTime(began).TotalMicroseconds / calls;
        Bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)calls;
        if (isCounted)
        {
            _times.Add(time);
        }
    }
}
