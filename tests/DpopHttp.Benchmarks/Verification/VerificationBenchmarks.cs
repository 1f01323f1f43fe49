using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text;
using BenchmarkDotNet.Attributes;
using DpopHttp.Verification;

namespace DpopHttp.Benchmarks.Verification;

/// <summary>What verifying a proof costs beyond checking its signature: with a key seen before, and with a new one.</summary>
[MemoryDiagnoser]
public class VerificationBenchmarks : IDisposable
{
    private readonly DpopKey _key = DpopKey.Generate();
    private readonly ECParameters _parameters;
    private readonly ECDsa _ecdsa;
    private readonly string _proof;
    private readonly byte[] _input;
    private readonly byte[] _signature;
    private readonly DpopProofVerifier _known = new() { MaxAge = TimeSpan.FromDays(1), ReplayStore = new ForgetfulStore() };
    private readonly DpopProofVerifier _new = new() { MaxAge = TimeSpan.FromDays(1), ReplayStore = new ForgetfulStore(), MaximumCachedKeys = 0 };

    public VerificationBenchmarks()
    {
        _proof = DpopProof.Create(_key, HttpMethod.Get, Sample.Uri, Sample.OpaqueToken, Sample.Nonce);
        string[] parts = _proof.Split('.');
        _input = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        _signature = Base64Url.DecodeFromChars(parts[2]);
        using JsonDocument header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        JsonElement jwk = header.RootElement.GetProperty("jwk");
        _parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint
            {
                X = Base64Url.DecodeFromChars(jwk.GetProperty("x").GetString()),
                Y = Base64Url.DecodeFromChars(jwk.GetProperty("y").GetString()),
            },
        };
        _ecdsa = ECDsa.Create(_parameters);
    }

    [Benchmark(Baseline = true)]
    public bool BareCheck() => Valid(_ecdsa.VerifyData(_input, _signature, HashAlgorithmName.SHA256));

    [Benchmark]
    public bool KeySeenBefore() => Verify(_known);

    [Benchmark]
    public bool BareImportAndCheck()
    {
        using ECDsa ecdsa = ECDsa.Create(_parameters);
        return Valid(ecdsa.VerifyData(_input, _signature, HashAlgorithmName.SHA256));
    }

    [Benchmark]
    public bool NewKey() => Verify(_new);

    [GlobalCleanup]
    public void Dispose()
    {
        _key.Dispose();
        _ecdsa.Dispose();
        GC.SuppressFinalize(this);
    }

    private bool Verify(DpopProofVerifier verifier)
    {
        ValueTask<DpopProofResult> result = verifier.VerifyAsync(new DpopProofContext("GET", Sample.Uri.AbsoluteUri, [_proof])
        {
            AccessToken = Sample.OpaqueToken,
            BoundThumbprint = _key.Thumbprint,
            AcceptNonce = nonce => nonce == Sample.Nonce,
        });
        return Valid(result.IsCompleted && result.Result.IsValid);
    }

    private static bool Valid(bool isValid) => isValid ? true : throw new InvalidOperationException("The proof must be valid.");
}
