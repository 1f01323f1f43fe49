using System.Security.Cryptography;

namespace DpopHttp.Testing;

/// <summary>A signature algorithm of RFC 7518 section 3.1 and what it needs of its key.</summary>
internal sealed record ProofAlgorithm(string Name, HashAlgorithmName Hash, ProofCurve? Curve, RSASignaturePadding? Padding)
{
    private static readonly ProofAlgorithm[] All =
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

    public static IEnumerable<string> Names => All.Select(a => a.Name);

    public static ProofAlgorithm? Find(string name) => Array.Find(All, a => a.Name == name);
}
