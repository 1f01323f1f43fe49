using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DpopHttp.Tool.Keys;

/// <summary>Writes a JWK as PEM, which other tools read.</summary>
internal static class KeyPem
{
    /// <summary>SubjectPublicKeyInfo of a public JWK, or PKCS#8 of a private one.</summary>
    public static string Of(string jwk, bool isPrivate)
    {
        JsonObject members = JsonNode.Parse(jwk)!.AsObject();
        if ((string?)members["kty"] == "RSA")
        {
            using RSA rsa = RSA.Create(RsaOf(members, isPrivate));
            return isPrivate ? rsa.ExportPkcs8PrivateKeyPem() : rsa.ExportSubjectPublicKeyInfoPem();
        }

        using ECDsa ec = ECDsa.Create(EcOf(members, isPrivate));
        return isPrivate ? ec.ExportPkcs8PrivateKeyPem() : ec.ExportSubjectPublicKeyInfoPem();
    }

    private static ECParameters EcOf(JsonObject members, bool isPrivate) => new()
    {
        Curve = (string?)members["crv"] switch
        {
            "P-256" => ECCurve.NamedCurves.nistP256,
            "P-384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        },
        Q = new ECPoint { X = Bytes(members, "x"), Y = Bytes(members, "y") },
        D = isPrivate ? Bytes(members, "d") : null,
    };

    private static RSAParameters RsaOf(JsonObject members, bool isPrivate) => new()
    {
        Modulus = Bytes(members, "n"),
        Exponent = Bytes(members, "e"),
        D = isPrivate ? Bytes(members, "d") : null,
        P = isPrivate ? Bytes(members, "p") : null,
        Q = isPrivate ? Bytes(members, "q") : null,
        DP = isPrivate ? Bytes(members, "dp") : null,
        DQ = isPrivate ? Bytes(members, "dq") : null,
        InverseQ = isPrivate ? Bytes(members, "qi") : null,
    };

    private static byte[] Bytes(JsonObject members, string name) => Base64Url.DecodeFromChars((string)members[name]!);
}
