using System.Security.Cryptography;

namespace DpopHttp.Verification;

/// <summary>An imported public key. Verifying with it is safe from many threads.</summary>
internal sealed class ProofKey : IDisposable
{
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    private ProofKey(PublicJwk jwk, ECDsa? ec, RSA? rsa)
    {
        _ec = ec;
        _rsa = rsa;
        Id = jwk.Thumbprint;
        Thumbprint = Id.ToString();
    }

    public Digest256 Id { get; }

    /// <summary>RFC 7638, SHA-256, base64url.</summary>
    public string Thumbprint { get; }

    /// <summary>When the key was used last, for the cache.</summary>
    public long LastUse { get; set; }

    /// <summary>Imports the key; null when it isn't one, such as a point off the curve.</summary>
    public static ProofKey? Import(PublicJwk jwk)
    {
        try
        {
            if (jwk.Curve is { } curve)
            {
                ECPoint q = new() { X = jwk.First, Y = jwk.Second };
                return new ProofKey(jwk, ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = q }), null);
            }

            return new ProofKey(jwk, null, RSA.Create(new RSAParameters { Modulus = jwk.First, Exponent = jwk.Second }));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Whether this key made the signature.</summary>
    public bool Verify(ProofAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
            int length = CryptographicOperations.HashData(algorithm.Hash, data, hash);
            return _ec is not null
                ? _ec.VerifyHash(hash[..length], signature)
                : _rsa!.VerifyHash(hash[..length], signature, algorithm.Hash, algorithm.Padding!);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }
}
