using DpopHttp.Benchmarks;

namespace DpopHttp.Tests.Benchmarks;

public class BenchmarkTests
{
    [Fact]
    public async Task Every_benchmark_runs_and_the_upload_arrives_whole() => await Smoke.RunAsync();
}
