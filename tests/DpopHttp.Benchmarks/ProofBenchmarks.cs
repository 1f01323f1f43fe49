using System.Text;
using BenchmarkDotNet.Attributes;

namespace DpopHttp.Benchmarks;

/// <summary>What a proof costs beyond its signature, and beyond the memory of its own text.</summary>
[MemoryDiagnoser]
public class ProofBenchmarks : IDisposable
{
    private readonly DpopKey _key = DpopKey.Generate();
    private readonly BareSigner _bare = new("ES256");
    private readonly byte[] _signature = new byte[64];
    private readonly byte[] _proof;
    private readonly int _inputLength;

    public ProofBenchmarks()
    {
        _proof = Encoding.ASCII.GetBytes(VerifiedProof.Require(WithTokenAndNonce(), Sample.Uri, Sample.OpaqueToken, Sample.Nonce));
        VerifiedProof.Require(WithoutToken(), Sample.Uri);
        _inputLength = _proof.AsSpan().LastIndexOf((byte)'.');
    }

    [Benchmark(Baseline = true)]
    public int BareSignature() => _bare.Sign(_proof.AsSpan(0, _inputLength), _signature);

    /// <summary>For the allocation: the text that a proof ends as.</summary>
    [Benchmark]
    public string TextOnly() => Encoding.ASCII.GetString(_proof);

    [Benchmark]
    public string WithTokenAndNonce() => DpopProof.Create(_key, HttpMethod.Get, Sample.Uri, Sample.OpaqueToken, Sample.Nonce);

    [Benchmark]
    public string WithoutToken() => DpopProof.Create(_key, HttpMethod.Get, Sample.Uri);

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        _bare.Dispose();
        GC.SuppressFinalize(this);
    }
}
