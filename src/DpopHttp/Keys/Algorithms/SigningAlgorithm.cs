using System.Security.Cryptography;

namespace DpopHttp.Keys;

/// <summary>One of the nine JWS algorithms that a proof may be signed with (RFC 7518 section 3.1).</summary>
internal sealed record SigningAlgorithm(string Name, HashAlgorithmName Hash, EllipticCurve? Curve, RSASignaturePadding? Padding)
{
    /// <summary>The smallest RSA modulus accepted, in bits (RFC 7518 section 3.3).</summary>
    public const int MinimumRsaBits = 2048;

    public static readonly SigningAlgorithm[] All =
    [
        new(DpopAlgorithms.ES256, HashAlgorithmName.SHA256, EllipticCurve.P256, null),
        new(DpopAlgorithms.ES384, HashAlgorithmName.SHA384, EllipticCurve.P384, null),
        new(DpopAlgorithms.ES512, HashAlgorithmName.SHA512, EllipticCurve.P521, null),
        new(DpopAlgorithms.PS256, HashAlgorithmName.SHA256, null, RSASignaturePadding.Pss),
        new(DpopAlgorithms.PS384, HashAlgorithmName.SHA384, null, RSASignaturePadding.Pss),
        new(DpopAlgorithms.PS512, HashAlgorithmName.SHA512, null, RSASignaturePadding.Pss),
        new(DpopAlgorithms.RS256, HashAlgorithmName.SHA256, null, RSASignaturePadding.Pkcs1),
        new(DpopAlgorithms.RS384, HashAlgorithmName.SHA384, null, RSASignaturePadding.Pkcs1),
        new(DpopAlgorithms.RS512, HashAlgorithmName.SHA512, null, RSASignaturePadding.Pkcs1),
    ];

    public static string Names { get; } = string.Join(", ", All.Select(a => a.Name));

    public static SigningAlgorithm? Find(string? name) => Array.Find(All, a => a.Name == name);

    public static SigningAlgorithm For(EllipticCurve curve) => Array.Find(All, a => a.Curve == curve)!;

    /// <exception cref="ArgumentException">The algorithm is none of the nine.</exception>
    public static SigningAlgorithm Require(string name, string parameterName) =>
        Find(name) ?? throw new ArgumentException($"The algorithm is none of {Names}.", parameterName);
}
