using System.Security.Cryptography;

namespace DpopHttp.Keys;

/// <summary>Turns a JWK (RFC 7517, RFC 7518 section 6) into a key pair, or into the public half of one.</summary>
internal static class JwkReader
{
    /// <exception cref="MalformedKeyException">A member is missing or wrong.</exception>
    public static KeyPair ReadPrivate(string json) =>
        JwkMembers.Parse(json, static jwk => ImportedKey.RequireMatchingHalves(Read(jwk, withPrivateMembers: true)));

    /// <summary>A pair that verifies and cannot sign.</summary>
    /// <exception cref="MalformedKeyException">A member is missing or wrong, or the JWK has private members.</exception>
    public static KeyPair ReadPublic(string json, string algorithm) => JwkMembers.Parse(json, jwk =>
    {
        if (jwk.Has("d"))
        {
            throw new MalformedKeyException("The JWK has the private member \"d\": give the public members only.");
        }

        return jwk.OptionalText("alg") is null || jwk.Text("alg") == algorithm
            ? Read(jwk, withPrivateMembers: false, algorithm)
            : throw new MalformedKeyException($"The JWK's \"alg\" is not {algorithm}, which its signer signs with.");
    });

    private static KeyPair Read(JwkMembers jwk, bool withPrivateMembers, string? algorithm = null)
    {
        if (jwk.OptionalText("use") is not (null or "sig"))
        {
            throw new MalformedKeyException("The JWK's \"use\" is not \"sig\": the key is not meant for signatures.");
        }

        algorithm ??= jwk.OptionalText("alg");
        return jwk.Text("kty") switch
        {
            "EC" => ReadEc(jwk, withPrivateMembers, algorithm),
            "RSA" => ReadRsa(jwk, withPrivateMembers, algorithm),
            _ => throw new MalformedKeyException("The JWK's \"kty\" is neither \"EC\" nor \"RSA\": other keys cannot sign a proof here."),
        };
    }

    private static EcKeyPair ReadEc(JwkMembers jwk, bool withPrivateMembers, string? alg)
    {
        EllipticCurve curve = EllipticCurve.Find(jwk.Text("crv"))
            ?? throw new MalformedKeyException("The JWK's \"crv\" is none of P-256, P-384 and P-521.");
        SigningAlgorithm algorithm = SigningAlgorithm.For(curve);
        if (alg is not null && alg != algorithm.Name)
        {
            throw new MalformedKeyException($"The JWK's \"alg\" does not fit its \"crv\" {curve.Name}: that takes {algorithm.Name}.");
        }

        ECParameters parameters = new()
        {
            Curve = curve.Curve,
            Q = new ECPoint { X = jwk.Bytes("x", curve.CoordinateSize), Y = jwk.Bytes("y", curve.CoordinateSize) },
            D = withPrivateMembers ? jwk.PrivateBytes("d", curve.CoordinateSize) : null,
        };
        try
        {
            return new EcKeyPair(algorithm, ECDsa.Create(parameters));
        }
        catch (CryptographicException)
        {
            throw new MalformedKeyException($"The JWK's \"x\", \"y\" and \"d\" aren't a key on {curve.Name}.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    private static RsaKeyPair ReadRsa(JwkMembers jwk, bool withPrivateMembers, string? alg)
    {
        SigningAlgorithm? algorithm = SigningAlgorithm.Find(alg
            ?? throw new MalformedKeyException("The JWK has no \"alg\": an RSA key fits six algorithms, so name the one to use, such as PS256."));
        if (algorithm?.Padding is null)
        {
            throw new MalformedKeyException("The JWK's \"alg\" does not fit its \"kty\" RSA: that takes PS256, PS384, PS512, RS256, RS384 or RS512.");
        }

        byte[] modulus = jwk.Bytes("n");
        RequireModulusSize(modulus);
        RSAParameters parameters = new() { Modulus = modulus, Exponent = jwk.Bytes("e") };
        if (withPrivateMembers)
        {
            ReadPrivateMembers(jwk, ref parameters);
        }

        try
        {
            return new RsaKeyPair(algorithm, RSA.Create(parameters));
        }
        catch (CryptographicException)
        {
            throw new MalformedKeyException("The JWK's members are no RSA key.");
        }
        finally
        {
            RsaKeyPair.Erase(parameters);
        }
    }

    private static void ReadPrivateMembers(JwkMembers jwk, ref RSAParameters parameters)
    {
        int size = parameters.Modulus!.Length;
        int half = (size + 1) / 2;
        parameters.D = jwk.PrivateInteger("d", size);
        parameters.P = jwk.PrivateBytes("p", half);
        parameters.Q = jwk.PrivateBytes("q", half);
        parameters.DP = jwk.PrivateInteger("dp", half);
        parameters.DQ = jwk.PrivateInteger("dq", half);
        parameters.InverseQ = jwk.PrivateInteger("qi", half);
    }

    private static void RequireModulusSize(byte[] modulus)
    {
        if (modulus.Length * 8 < SigningAlgorithm.MinimumRsaBits || modulus[0] == 0)
        {
            throw new MalformedKeyException($"The JWK's \"n\" has fewer than {SigningAlgorithm.MinimumRsaBits} bits or a leading zero byte (RFC 7518 section 3.3).");
        }
    }
}
