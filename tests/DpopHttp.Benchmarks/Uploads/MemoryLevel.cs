namespace DpopHttp.Benchmarks.Uploads;

/// <summary>How much memory the process takes, in bytes.</summary>
/// <param name="Heap">Managed objects that are in use.</param>
/// <param name="WorkingSet">All memory of the process that is in RAM.</param>
internal readonly record struct MemoryLevel(long Heap, long WorkingSet)
{
    /// <summary>Collects first: garbage that nobody has needed to collect yet says nothing.</summary>
    public static MemoryLevel Measure() => new(GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);

    public MemoryLevel Max(MemoryLevel other) => new(Math.Max(Heap, other.Heap), Math.Max(WorkingSet, other.WorkingSet));
}
