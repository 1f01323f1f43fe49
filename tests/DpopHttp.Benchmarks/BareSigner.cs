using System.Security.Cryptography;

namespace DpopHttp.Benchmarks;

/// <summary>The least that a proof can cost: the platform's own signature, into a buffer that is there already.</summary>
internal sealed class BareSigner : IDisposable
{
    private readonly AsymmetricAlgorithm _key;
    private readonly HashAlgorithmName _hash;
    private readonly RSASignaturePadding _padding;

    public BareSigner(string algorithm)
    {
        _hash = new HashAlgorithmName($"SHA{algorithm[2..]}");
        _padding = algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        _key = algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(2048),
        };
    }

    public int Sign(ReadOnlySpan<byte> input, Span<byte> signature)
    {
        int written;
        bool fits = _key is ECDsa curve
            ? curve.TrySignData(input, signature, _hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out written)
            : ((RSA)_key).TrySignData(input, signature, _hash, _padding, out written);
        return fits ? written : throw new InvalidOperationException("The buffer is too small for the signature.");
    }

    public void Dispose() => _key.Dispose();
}
