using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Tool.Explain.Checks;

/// <summary>The public key of a proof, for what the verifier doesn't say once an earlier check has failed.</summary>
internal sealed class ProofKeys : IDisposable
{
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    private ProofKeys(ECDsa? ec, RSA? rsa, string thumbprint)
    {
        _ec = ec;
        _rsa = rsa;
        Thumbprint = thumbprint;
    }

    /// <summary>RFC 7638, SHA-256, base64url.</summary>
    public string Thumbprint { get; }

    /// <summary>Such as "EC P-256" or "RSA 2048".</summary>
    public string Description => _ec is not null ? $"EC {CurveName(_ec.KeySize)}" : $"RSA {_rsa!.KeySize}";

    /// <summary>Reads the key, or returns null.</summary>
    public static ProofKeys? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        try
        {
            return ProofText.Text(jwk, "kty") switch
            {
                "EC" => new ProofKeys(ECDsa.Create(EcOf(jwk)), null, Hash(jwk, "crv", "kty", "x", "y")),
                "RSA" => new ProofKeys(null, RSA.Create(RsaOf(jwk)), Hash(jwk, "e", "kty", "n")),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether the key made the signature, as the algorithm's name says.</summary>
    public bool Verifies(string algorithm, byte[] data, byte[] signature, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
    {
        HashAlgorithmName hash = new("SHA" + algorithm[2..]);
        try
        {
            return algorithm[0] == 'E'
                ? _ec?.VerifyData(data, signature, hash, format) == true
                : _rsa?.VerifyData(data, signature, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1) == true;
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

    private static string CurveName(int bits) => $"P-{bits}";

    private static ECParameters EcOf(JsonElement jwk) => new()
    {
        Curve = ProofText.Text(jwk, "crv") switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            "P-521" => ECCurve.NamedCurves.nistP521,
            _ => throw new FormatException(),
        },
        Q = new ECPoint { X = Bytes(jwk, "x"), Y = Bytes(jwk, "y") },
    };

    private static RSAParameters RsaOf(JsonElement jwk) => new() { Modulus = Bytes(jwk, "n"), Exponent = Bytes(jwk, "e") };

    private static byte[] Bytes(JsonElement jwk, string name) => Base64Url.DecodeFromChars(ProofText.Text(jwk, name) ?? throw new FormatException());

    private static string Hash(JsonElement jwk, params string[] members)
    {
        string canonical = string.Join(',', members.Select(name => $"\"{name}\":\"{ProofText.Text(jwk, name)}\""));
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{{{canonical}}}")));
    }
}
