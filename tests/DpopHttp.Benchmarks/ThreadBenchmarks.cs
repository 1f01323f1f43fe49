using BenchmarkDotNet.Attributes;

namespace DpopHttp.Benchmarks;

/// <summary>Proofs of one key by several threads at once: the time of one proof goes down as threads are added, up to the number of processors.</summary>
[MemoryDiagnoser]
public class ThreadBenchmarks : IDisposable
{
    private const int Proofs = 1_000;

    private readonly DpopKey _key = DpopKey.Generate();

    [Params(1, 2)]
    public int Threads { get; set; }

    [Benchmark(OperationsPerInvoke = Proofs)]
    public void OfOneKey() => Parallel.For(0, Threads, new ParallelOptions { MaxDegreeOfParallelism = Threads }, _ =>
    {
        for (int i = 0; i < Proofs / Threads; i++)
        {
            DpopProof.Create(_key, HttpMethod.Get, Sample.Uri, Sample.OpaqueToken, Sample.Nonce);
        }
    });

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        GC.SuppressFinalize(this);
    }
}
