using System.Security.Cryptography;

namespace DpopHttp.Verification;

/// <summary>A signature algorithm of RFC 7518 section 3.1 and what it needs of its key.</summary>
internal sealed record ProofAlgorithm(string Name, HashAlgorithmName Hash, ProofCurve? Curve, RSASignaturePadding? Padding)
{
    public static readonly ProofAlgorithm[] All =
    [
        new("ES256", HashAlgorithmName.SHA256, ProofCurve.P256, null),
        new("ES384", HashAlgorithmName.SHA384, ProofCurve.P384, null),
        new("ES512", HashAlgorithmName.SHA512, ProofCurve.P521, null),
        new("PS256", HashAlgorithmName.SHA256, null, RSASignaturePadding.Pss),
        new("PS384", HashAlgorithmName.SHA384, null, RSASignaturePadding.Pss),
        new("PS512", HashAlgorithmName.SHA512, null, RSASignaturePadding.Pss),
        new("RS256", HashAlgorithmName.SHA256, null, RSASignaturePadding.Pkcs1),
        new("RS384", HashAlgorithmName.SHA384, null, RSASignaturePadding.Pkcs1),
        new("RS512", HashAlgorithmName.SHA512, null, RSASignaturePadding.Pkcs1),
    ];

    public static readonly IReadOnlyList<string> Names = Array.AsReadOnly(Array.ConvertAll(All, a => a.Name));

    public string KeyType => Curve is null ? "RSA" : "EC";
}
