using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using Perfolizer.Horology;

namespace DpopHttp.Benchmarks;

/// <summary>A few seconds for each benchmark: ratios and allocations are read, not absolute times.</summary>
internal sealed class ShortRuns : ManualConfig
{
    public ShortRuns()
    {
        Add(DefaultConfig.Instance);
        AddJob(Job.Default
            .WithId("Short")
            .WithLaunchCount(1)
            .WithWarmupCount(4)
            .WithIterationTime(TimeInterval.FromMilliseconds(100))
            .WithIterationCount(12));
    }
}
