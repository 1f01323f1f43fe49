using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Testing;

/// <summary>The public key of a proof, read from its jwk for one algorithm (RFC 7517, RFC 7518 section 6).</summary>
internal sealed class ProofKey
{
    // RFC 7518 sections 3.3 and 3.5.
    private const int MinRsaBits = 2048;

    private readonly ProofAlgorithm _algorithm;
    private readonly ECParameters _ec;
    private readonly RSAParameters _rsa;

    private ProofKey(ProofAlgorithm algorithm, ECParameters ec, RSAParameters rsa, string canonicalJwk)
    {
        _algorithm = algorithm;
        _ec = ec;
        _rsa = rsa;
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(canonicalJwk)));
    }

    /// <summary>RFC 7638, SHA-256, base64url.</summary>
    public string Thumbprint { get; }

    /// <summary>Reads the public members only, or says what is wrong with them.</summary>
    public static ProofKey? Read(IReadOnlyDictionary<string, JsonElement> jwk, ProofAlgorithm algorithm, out string? problem)
    {
        string expectedType = algorithm.Curve is null ? "RSA" : "EC";
        if (StrictJson.GetString(jwk, "kty") is var type && type != expectedType)
        {
            problem = $"The kty of the jwk is '{type}'; {algorithm.Name} needs '{expectedType}'.";
            return null;
        }

        if (jwk.ContainsKey("alg") && StrictJson.GetString(jwk, "alg") != algorithm.Name)
        {
            problem = $"The jwk is for another algorithm than the proof's, {algorithm.Name}.";
            return null;
        }

        return algorithm.Curve is { } curve ? ReadEc(jwk, algorithm, curve, out problem) : ReadRsa(jwk, algorithm, out problem);
    }

    /// <summary>Whether this key made the signature; false as well for a key that is none, such as a point off the curve.</summary>
    public bool Verify(byte[] data, byte[] signature)
    {
        try
        {
            if (_algorithm.Padding is { } padding)
            {
                using RSA rsa = RSA.Create(_rsa);
                return rsa.VerifyData(data, signature, _algorithm.Hash, padding);
            }

            using ECDsa ec = ECDsa.Create(_ec);
            return ec.VerifyData(data, signature, _algorithm.Hash);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static ProofKey? ReadEc(
        IReadOnlyDictionary<string, JsonElement> jwk, ProofAlgorithm algorithm, ProofCurve curve, out string? problem)
    {
        if (StrictJson.GetString(jwk, "crv") is var name && name != curve.Name)
        {
            problem = $"The crv of the jwk is '{name}'; {algorithm.Name} needs '{curve.Name}'.";
            return null;
        }

        if (!TryReadBytes(jwk, "x", out string? x, out byte[]? xBytes) || xBytes.Length != curve.CoordinateSize
            || !TryReadBytes(jwk, "y", out string? y, out byte[]? yBytes) || yBytes.Length != curve.CoordinateSize)
        {
            problem = $"The x and y of the jwk are not both {curve.CoordinateSize} bytes in base64url, as {curve.Name} needs.";
            return null;
        }

        problem = null;
        ECParameters ec = new() { Curve = curve.Curve, Q = new ECPoint { X = xBytes, Y = yBytes } };
        return new ProofKey(algorithm, ec, default, $$"""{"crv":"{{name}}","kty":"EC","x":"{{x}}","y":"{{y}}"}""");
    }

    private static ProofKey? ReadRsa(IReadOnlyDictionary<string, JsonElement> jwk, ProofAlgorithm algorithm, out string? problem)
    {
        // A leading zero would give the same key a second thumbprint (RFC 7518 section 2, Base64urlUInt).
        if (!TryReadBytes(jwk, "n", out string? n, out byte[]? modulus) || modulus is [] or [0, ..]
            || !TryReadBytes(jwk, "e", out string? e, out byte[]? exponent) || exponent is [] or [0, ..])
        {
            problem = "The n and e of the jwk are not both base64url numbers without leading zeros.";
            return null;
        }

        int bits = ((modulus.Length - 1) * 8) + 32 - int.LeadingZeroCount(modulus[0]);
        if (bits < MinRsaBits)
        {
            problem = $"The RSA key has {bits} bits; {MinRsaBits} are the least.";
            return null;
        }

        problem = null;
        RSAParameters rsa = new() { Modulus = modulus, Exponent = exponent };
        return new ProofKey(algorithm, default, rsa, $$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}""");
    }

    private static bool TryReadBytes(
        IReadOnlyDictionary<string, JsonElement> jwk,
        string name,
        [NotNullWhen(true)] out string? text,
        [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        text = StrictJson.GetString(jwk, name);
        return text is not null && Base64UrlText.TryDecode(text, out bytes);
    }
}
