using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Rfc;

/// <summary>Thumbprints by way of the library's own key: the examples give only public keys, and a key needs a private part.</summary>
internal static class Thumbprints
{
    public static string OfPublicJwk(string publicJwk)
    {
        JsonElement jwk = JsonDocument.Parse(publicJwk).RootElement;
        byte[] Bytes(string name) => Base64UrlEncoder.DecodeBytes(jwk.GetProperty(name).GetString());
        DpopHttp.Keys.KeyPair pair = jwk.GetProperty("kty").GetString() == "EC"
            ? new DpopHttp.Keys.EcKeyPair(
                DpopHttp.Keys.SigningAlgorithm.Find("ES256")!,
                ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes("x"), Y = Bytes("y") } }))
            : new DpopHttp.Keys.RsaKeyPair(
                DpopHttp.Keys.SigningAlgorithm.Find("RS256")!,
                RSA.Create(new RSAParameters { Modulus = Bytes("n"), Exponent = Bytes("e") }));
        using DpopKey key = new(pair);
        return key.Thumbprint;
    }
}
