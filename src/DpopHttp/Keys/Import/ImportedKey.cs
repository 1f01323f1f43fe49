using System.Security.Cryptography;

namespace DpopHttp.Keys;

/// <summary>What every key from outside must be before it may sign proofs. A key that is refused is disposed.</summary>
internal static class ImportedKey
{
    public const string OtherCurve = "The key is on none of the curves P-256, P-384 and P-521.";

    /// <summary>The pair of an EC key, whose curve decides the algorithm.</summary>
    /// <exception cref="MalformedKeyException">The curve or the algorithm does not fit.</exception>
    public static KeyPair From(ECDsa key, string? algorithm) => DisposeOnFailure(key, () =>
    {
        EllipticCurve curve = EllipticCurve.Of(key) ?? throw new MalformedKeyException(OtherCurve);
        SigningAlgorithm signing = SigningAlgorithm.For(curve);
        return algorithm is null || Known(algorithm) == signing
            ? new EcKeyPair(signing, key)
            : throw new UnexpectedKeyException($"The algorithm {algorithm} does not fit a key on {curve.Name}: that takes {signing.Name}.");
    });

    /// <summary>The pair of an RSA key, which fits six algorithms.</summary>
    /// <exception cref="MalformedKeyException">The key is too small, or no algorithm for it was named.</exception>
    public static KeyPair From(RSA key, string? algorithm) => DisposeOnFailure(key, () =>
    {
        if (algorithm is null)
        {
            throw new UnnamedAlgorithmException();
        }

        if (Known(algorithm) is not { Padding: not null } signing)
        {
            throw new UnexpectedKeyException($"The algorithm {algorithm} does not fit an RSA key: that takes PS256, PS384, PS512, RS256, RS384 or RS512.");
        }

        return key.KeySize >= SigningAlgorithm.MinimumRsaBits
            ? new RsaKeyPair(signing, key)
            : throw new MalformedKeyException($"The RSA key has {key.KeySize} bits, fewer than {SigningAlgorithm.MinimumRsaBits} (RFC 7518 section 3.3).");
    });

    /// <exception cref="MalformedKeyException">The private half belongs to another public half.</exception>
    public static KeyPair RequireMatchingHalves(KeyPair pair)
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
            throw new MalformedKeyException("The private members do not belong to the public members.");
        }

        return pair;
    }

    /// <summary>A name that is none is not repeated: it may be a passphrase in the wrong place.</summary>
    private static SigningAlgorithm Known(string algorithm) =>
        SigningAlgorithm.Find(algorithm) ?? throw new MalformedKeyException($"The algorithm is none of {SigningAlgorithm.Names}.");

    private static KeyPair DisposeOnFailure(IDisposable key, Func<KeyPair> import)
    {
        try
        {
            return RequireMatchingHalves(import());
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
