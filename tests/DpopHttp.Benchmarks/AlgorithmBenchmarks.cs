using System.Text;
using BenchmarkDotNet.Attributes;

namespace DpopHttp.Benchmarks;

/// <summary>A proof by each algorithm, against the bare signature by the same.</summary>
[MemoryDiagnoser]
public class AlgorithmBenchmarks : IDisposable
{
    private readonly byte[] _signature = new byte[512];
    private DpopKey _key = null!;
    private BareSigner _bare = null!;
    private byte[] _input = [];

    [Params("ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512")]
    public string Algorithm { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _key = DpopKey.Generate(Algorithm);
        _bare = new BareSigner(Algorithm);
        string proof = VerifiedProof.Require(Proof(), Sample.Uri, Sample.OpaqueToken, Sample.Nonce);
        _input = Encoding.ASCII.GetBytes(proof[..proof.LastIndexOf('.')]);
    }

    [Benchmark(Baseline = true)]
    public int BareSignature() => _bare.Sign(_input, _signature);

    [Benchmark]
    public string Proof() => DpopProof.Create(_key, HttpMethod.Get, Sample.Uri, Sample.OpaqueToken, Sample.Nonce);

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        _bare.Dispose();
        GC.SuppressFinalize(this);
    }
}
