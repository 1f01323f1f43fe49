using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace DpopHttp.Keys;

/// <summary>Turns a private JWK (RFC 7517, RFC 7518 section 6) into a key pair. Messages name members, never their values.</summary>
internal static class PrivateJwkReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="ArgumentException">A member is missing or wrong.</exception>
    public static KeyPair Read(string json, string parameterName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json, parameterName);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The cause is left out: it may quote the text.
            throw new ArgumentException("The JWK is not well-formed JSON, or has a member twice.", parameterName);
        }
        catch (MalformedJwkException exception)
        {
            throw new ArgumentException(exception.Message, parameterName);
        }
    }

    private static KeyPair Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object)
        {
            throw new MalformedJwkException("The JWK is not a JSON object.");
        }

        if (OptionalText(jwk, "use") is not (null or "sig"))
        {
            throw new MalformedJwkException("The JWK's \"use\" is not \"sig\": the key is not meant for signatures.");
        }

        string kty = Text(jwk, "kty");
        KeyPair pair = kty switch
        {
            "EC" => ReadEc(jwk),
            "RSA" => ReadRsa(jwk),
            _ => throw new MalformedJwkException("The JWK's \"kty\" is neither \"EC\" nor \"RSA\": other keys cannot sign a proof here."),
        };
        RequireMatchingHalves(pair);
        return pair;
    }

    private static EcKeyPair ReadEc(JsonElement jwk)
    {
        EllipticCurve curve = EllipticCurve.Find(Text(jwk, "crv"))
            ?? throw new MalformedJwkException("The JWK's \"crv\" is none of P-256, P-384 and P-521.");
        SigningAlgorithm algorithm = SigningAlgorithm.For(curve)!;
        if (OptionalText(jwk, "alg") is { } alg && alg != algorithm.Name)
        {
            throw new MalformedJwkException($"The JWK's \"alg\" does not fit its \"crv\" {curve.Name}: that takes {algorithm.Name}.");
        }

        ECParameters parameters = new()
        {
            Curve = curve.Curve,
            Q = new ECPoint { X = Bytes(jwk, "x", curve.CoordinateSize), Y = Bytes(jwk, "y", curve.CoordinateSize) },
            D = PrivateBytes(jwk, "d", curve.CoordinateSize),
        };
        try
        {
            return new EcKeyPair(algorithm, ECDsa.Create(parameters));
        }
        catch (CryptographicException)
        {
            throw new MalformedJwkException($"The JWK's \"x\", \"y\" and \"d\" are no key on {curve.Name}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    private static RsaKeyPair ReadRsa(JsonElement jwk)
    {
        string alg = OptionalText(jwk, "alg")
            ?? throw new MalformedJwkException("The JWK has no \"alg\": an RSA key fits six algorithms, so name the one to use, such as PS256.");
        SigningAlgorithm? algorithm = SigningAlgorithm.Find(alg);
        if (algorithm?.Padding is null)
        {
            throw new MalformedJwkException("The JWK's \"alg\" does not fit its \"kty\" RSA: that takes PS256, PS384, PS512, RS256, RS384 or RS512.");
        }

        byte[] modulus = Bytes(jwk, "n");
        RequireModulusSize(modulus);
        int half = (modulus.Length + 1) / 2;
        RSAParameters parameters = new()
        {
            Modulus = modulus,
            Exponent = Bytes(jwk, "e"),
            D = PrivateBytes(jwk, "d", modulus.Length),
            P = PrivateBytes(jwk, "p", half),
            Q = PrivateBytes(jwk, "q", half),
            DP = PrivateBytes(jwk, "dp", half),
            DQ = PrivateBytes(jwk, "dq", half),
            InverseQ = PrivateBytes(jwk, "qi", half),
        };
        try
        {
            return new RsaKeyPair(algorithm, RSA.Create(parameters));
        }
        catch (CryptographicException)
        {
            throw new MalformedJwkException("The JWK's members are no RSA key.");
        }
        finally
        {
            RsaKeyPair.Erase(parameters);
        }
    }

    private static void RequireModulusSize(byte[] modulus)
    {
        if (modulus.Length * 8 < SigningAlgorithm.MinimumRsaBits || modulus[0] == 0)
        {
            throw new MalformedJwkException($"The JWK's \"n\" has fewer than {SigningAlgorithm.MinimumRsaBits} bits or a leading zero byte (RFC 7518 section 3.3).");
        }
    }

    private static void RequireMatchingHalves(KeyPair pair)
    {
        Span<byte> signature = stackalloc byte[KeyPair.MaximumSignatureSize];
        bool matches;
        try
        {
            matches = pair.Verify("probe"u8, signature[..pair.Sign("probe"u8, signature)]);
        }
        catch (CryptographicException)
        {
            matches = false;
        }

        if (!matches)
        {
            pair.Dispose();
            throw new MalformedJwkException("The JWK's private members do not belong to its public members.");
        }
    }

    private static string Text(JsonElement jwk, string member) =>
        OptionalText(jwk, member) ?? throw new MalformedJwkException($"The JWK has no \"{member}\".");

    private static string? OptionalText(JsonElement jwk, string member)
    {
        if (!jwk.TryGetProperty(member, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new MalformedJwkException($"The JWK's \"{member}\" is not a string with content.");
    }

    private static byte[] PrivateBytes(JsonElement jwk, string member, int size) =>
        jwk.TryGetProperty(member, out _)
            ? Bytes(jwk, member, size)
            : throw new MalformedJwkException($"The JWK has no \"{member}\": the private key is needed, with all its members.");

    private static byte[] Bytes(JsonElement jwk, string member, int size)
    {
        byte[] bytes = Bytes(jwk, member);
        return bytes.Length == size
            ? bytes
            : throw new MalformedJwkException($"The JWK's \"{member}\" has {bytes.Length} bytes where {size} belong.");
    }

    private static byte[] Bytes(JsonElement jwk, string member)
    {
        try
        {
            return Base64Url.DecodeFromChars(Text(jwk, member));
        }
        catch (FormatException)
        {
            throw new MalformedJwkException($"The JWK's \"{member}\" is not base64url.");
        }
    }
}
