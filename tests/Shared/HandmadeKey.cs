using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace DpopHttp.Tests.Handmade;

/// <summary>A key pair that signs with the base class library alone; its thumbprint comes from a library that is not under test.</summary>
internal sealed class HandmadeKey : IDisposable
{
    private readonly ECDsa? _ec;
    private readonly RSA? _rsa;

    private HandmadeKey(string algorithm, ECDsa? ec, RSA? rsa)
    {
        Algorithm = algorithm;
        _ec = ec;
        _rsa = rsa;
        Thumbprint = Base64UrlEncoder.Encode(new JsonWebKey(PublicJwk().ToJsonString()).ComputeJwkThumbprint());
    }

    public string Algorithm { get; }

    public string Thumbprint { get; }

    public SecurityKey SecurityKey => _ec is not null ? new ECDsaSecurityKey(_ec) : new RsaSecurityKey(_rsa);

    private HashAlgorithmName Hash => new($"SHA{Algorithm[2..]}");

    public static HandmadeKey Create(string algorithm = "ES256", int rsaBits = 2048) => algorithm switch
    {
        "ES256" => new HandmadeKey(algorithm, ECDsa.Create(ECCurve.NamedCurves.nistP256), null),
        "ES384" => new HandmadeKey(algorithm, ECDsa.Create(ECCurve.NamedCurves.nistP384), null),
        "ES512" => new HandmadeKey(algorithm, ECDsa.Create(ECCurve.NamedCurves.nistP521), null),
        _ => new HandmadeKey(algorithm, null, RSA.Create(rsaBits)),
    };

    public JsonObject PublicJwk()
    {
        if (_ec is not null)
        {
            ECParameters ec = _ec.ExportParameters(false);
            return new JsonObject
            {
                ["kty"] = "EC",
                ["crv"] = Algorithm switch { "ES256" => "P-256", "ES384" => "P-384", _ => "P-521" },
                ["x"] = Base64Url.EncodeToString(ec.Q.X),
                ["y"] = Base64Url.EncodeToString(ec.Q.Y),
            };
        }

        RSAParameters rsa = _rsa!.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = Base64Url.EncodeToString(rsa.Modulus),
            ["e"] = Base64Url.EncodeToString(rsa.Exponent),
        };
    }

    public byte[] Sign(byte[] data) => _ec is not null
        ? _ec.SignData(data, Hash)
        : _rsa!.SignData(data, Hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);

    public void Dispose()
    {
        _ec?.Dispose();
        _rsa?.Dispose();
    }
}
