using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Keys;

/// <summary>A key pair of the platform's, and what the library must find in it: nothing here comes from the library.</summary>
internal sealed class KeyMaterial : IDisposable
{
    public const string Passphrase = "correct horse battery staple";

    private readonly HashAlgorithmName _hash;

    private KeyMaterial(string algorithm)
    {
        Algorithm = algorithm;
        _hash = new HashAlgorithmName($"SHA{algorithm[2..]}");
        Key = algorithm switch
        {
            "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
            _ => RSA.Create(2048),
        };
    }

    public static TheoryData<string> Algorithms => ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];

    public string Algorithm { get; }

    public AsymmetricAlgorithm Key { get; }

    /// <summary>What to name to the library: an EC key's algorithm follows from its curve.</summary>
    public string? NeededAlgorithm => Key is RSA ? Algorithm : null;

    public string Pkcs8Pem => Key.ExportPkcs8PrivateKeyPem();

    /// <summary>SEC1 or PKCS#1.</summary>
    public string TraditionalPem => Key is ECDsa ec ? ec.ExportECPrivateKeyPem() : ((RSA)Key).ExportRSAPrivateKeyPem();

    public string EncryptedPem => Encrypt(new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2));

    public string PublicPem => Key.ExportSubjectPublicKeyInfoPem();

    public string PublicJwk => JsonSerializer.Serialize(Members(withPrivateMembers: false));

    public string PrivateJwk => JsonSerializer.Serialize(Members(withPrivateMembers: true));

    public string Thumbprint => Base64UrlEncoder.Encode(new JsonWebKey(PublicJwk).ComputeJwkThumbprint());

    public static KeyMaterial Create(string algorithm = "ES256") => new(algorithm);

    public string Encrypt(PbeParameters parameters) => Key.ExportEncryptedPkcs8PrivateKeyPem(Passphrase, parameters);

    /// <summary>Signs as RFC 7518 section 3 has it, or an EC key in <paramref name="format"/>.</summary>
    public byte[] Sign(
        ReadOnlySpan<byte> data, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation) => Key is ECDsa ec
        ? ec.SignData(data, _hash, format)
        : ((RSA)Key).SignData(data, _hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

    public void Dispose() => Key.Dispose();

    private Dictionary<string, string> Members(bool withPrivateMembers)
    {
        // The order is not the one that a thumbprint hashes.
        if (Key is ECDsa ec)
        {
            ECParameters p = ec.ExportParameters(withPrivateMembers);
            return Write(
                ("kty", "EC"), ("y", Encode(p.Q.Y)), ("x", Encode(p.Q.X)), ("crv", $"P-{ec.KeySize}"), ("d", Encode(p.D)));
        }

        RSAParameters r = ((RSA)Key).ExportParameters(withPrivateMembers);
        return Write(
            ("kty", "RSA"), ("n", Encode(r.Modulus)), ("e", Encode(r.Exponent)), ("d", Encode(r.D)), ("p", Encode(r.P)), ("q", Encode(r.Q)),
            ("dp", Encode(r.DP)), ("dq", Encode(r.DQ)), ("qi", Encode(r.InverseQ)), ("alg", withPrivateMembers ? Algorithm : null));
    }

    private static Dictionary<string, string> Write(params (string Name, string? Value)[] members) =>
        members.Where(m => m.Value is not null).ToDictionary(m => m.Name, m => m.Value!);

    private static string? Encode(byte[]? bytes) => bytes is null ? null : Base64UrlEncoder.Encode(bytes);
}
