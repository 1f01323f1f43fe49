using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>Reads the public key of a proof from its jwk, for one algorithm (RFC 7517, RFC 7518 section 6, RFC 7638).</summary>
internal static class JwkReader
{
    // RFC 7518 sections 3.3 and 3.5.
    private const int MinRsaBits = 2048;

    // Checking a signature takes longer the larger the key is, and its sender chooses the key.
    private const int MaxRsaBits = 8192;

    private const int MaxExponentBytes = 8;

    /// <summary>Reads the public members only, or says what is wrong with them.</summary>
    public static PublicJwk? Read(JsonElement jwk, ProofAlgorithm algorithm, out string? problem)
    {
        if (!StrictJson.TryGetText(jwk, "kty"u8, out JsonElement type) || !type.ValueEquals(algorithm.KeyType))
        {
            problem = $"The kty of the jwk is {Printable.Quote(StrictJson.GetString(jwk, "kty"u8))}; {algorithm.Name} needs '{algorithm.KeyType}'.";
            return null;
        }

        if (jwk.TryGetProperty("alg"u8, out JsonElement named)
            && (named.ValueKind != JsonValueKind.String || !named.ValueEquals(algorithm.Name)))
        {
            problem = $"The jwk is for another algorithm than the proof's, {algorithm.Name}.";
            return null;
        }

        return algorithm.Curve is { } curve ? ReadEc(jwk, algorithm, curve, out problem) : ReadRsa(jwk, out problem);
    }

    private static PublicJwk? ReadEc(JsonElement jwk, ProofAlgorithm algorithm, ProofCurve curve, out string? problem)
    {
        if (!StrictJson.TryGetText(jwk, "crv"u8, out JsonElement name) || !name.ValueEquals(curve.Name))
        {
            problem = $"The crv of the jwk is {Printable.Quote(StrictJson.GetString(jwk, "crv"u8))}; {algorithm.Name} needs '{curve.Name}'.";
            return null;
        }

        if (Bytes(jwk, "x"u8, curve.CoordinateSize) is not { } x || x.Length != curve.CoordinateSize
            || Bytes(jwk, "y"u8, curve.CoordinateSize) is not { } y || y.Length != curve.CoordinateSize)
        {
            problem = $"The x and y of the jwk are not both {curve.CoordinateSize} bytes in base64url, as {curve.Name} needs.";
            return null;
        }

        problem = null;
        return new PublicJwk(curve, x, y, Hash(curve.ThumbprintPrefix, x, "\",\"y\":\""u8, y));
    }

    private static PublicJwk? ReadRsa(JsonElement jwk, out string? problem)
    {
        // A leading zero would give the same key a second thumbprint (RFC 7518 section 2, Base64urlUInt).
        if (Bytes(jwk, "n"u8, (MaxRsaBits / 8) + 1) is not { } modulus || modulus is [] or [0, ..]
            || Bytes(jwk, "e"u8, MaxExponentBytes) is not { } exponent || exponent is [] or [0, ..])
        {
            problem = $"The n and e of the jwk are not both base64url numbers without leading zeros, of {MaxRsaBits} and 64 bits at most.";
            return null;
        }

        int bits = ((modulus.Length - 1) * 8) + 32 - int.LeadingZeroCount(modulus[0]);
        if (bits is < MinRsaBits or > MaxRsaBits)
        {
            problem = $"The RSA key has {bits} bits; accepted are {MinRsaBits} to {MaxRsaBits}.";
            return null;
        }

        problem = null;
        return new PublicJwk(
            null, modulus, exponent, Hash("{\"e\":\""u8, exponent, "\",\"kty\":\"RSA\",\"n\":\""u8, modulus));
    }

    private static byte[]? Bytes(JsonElement jwk, ReadOnlySpan<byte> name, int maximum)
    {
        if (!StrictJson.TryGetText(jwk, name, out JsonElement value))
        {
            return null;
        }

        ReadOnlySpan<byte> text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        if (text.Contains((byte)'\\'))
        {
            text = Encoding.UTF8.GetBytes(value.GetString()!);
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(maximum);
        try
        {
            return Base64UrlText.TryDecodeExactly(text, buffer.AsSpan(0, maximum), out int written) ? buffer[..written] : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // RFC 7638 section 3: the required members in their order, without white space.
    private static Digest256 Hash(ReadOnlySpan<byte> beforeOne, byte[] one, ReadOnlySpan<byte> beforeOther, byte[] other)
    {
        ReadOnlySpan<byte> end = "\"}"u8;
        int encoded = Base64Url.GetEncodedLength(one.Length) + Base64Url.GetEncodedLength(other.Length);
        int length = beforeOne.Length + beforeOther.Length + encoded + end.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        Span<byte> rest = buffer.AsSpan(0, length);
        rest = Append(rest, beforeOne);
        rest = rest[Base64Url.EncodeToUtf8(one, rest)..];
        rest = Append(rest, beforeOther);
        rest = rest[Base64Url.EncodeToUtf8(other, rest)..];
        Append(rest, end);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, length), hash);
        ArrayPool<byte>.Shared.Return(buffer);
        return Digest256.Of(hash);
    }

    private static Span<byte> Append(Span<byte> destination, ReadOnlySpan<byte> text)
    {
        text.CopyTo(destination);
        return destination[text.Length..];
    }
}
