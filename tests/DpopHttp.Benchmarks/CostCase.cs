using System.Diagnostics;

namespace DpopHttp.Benchmarks;

/// <summary>One of several things that are measured in turn, so that what else the machine does falls on all alike.</summary>
internal sealed class CostCase(string name, Action run)
{
    public string Name => name;

    /// <summary>Of one call in the fastest turn, in microseconds.</summary>
    public double Fastest { get; private set; } = double.MaxValue;

    /// <summary>Of one call.</summary>
    public double Bytes { get; private set; }

    public static void Take(IReadOnlyList<CostCase> cases, int turns, int callsPerTurn)
    {
        for (int turn = 0; turn < turns; turn++)
        {
            foreach (CostCase one in cases)
            {
                one.Take(callsPerTurn);
            }
        }
    }

    private void Take(int calls)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++)
        {
            run();
        }

        Fastest = Math.Min(Fastest, Stopwatch.GetElapsedTime(began).TotalMicroseconds / calls);
        Bytes = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (double)calls;
    }
}
