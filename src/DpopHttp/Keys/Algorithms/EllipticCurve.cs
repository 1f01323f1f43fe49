using System.Security.Cryptography;

namespace DpopHttp.Keys;

/// <summary>A curve of RFC 7518 section 6.2.1.1.</summary>
/// <param name="Name">The JWK's "crv".</param>
/// <param name="Curve">The same in the framework's terms.</param>
/// <param name="CoordinateSize">Bytes of a coordinate, and of half a signature.</param>
internal sealed record EllipticCurve(string Name, ECCurve Curve, int CoordinateSize)
{
    public static readonly EllipticCurve P256 = new("P-256", ECCurve.NamedCurves.nistP256, 32);
    public static readonly EllipticCurve P384 = new("P-384", ECCurve.NamedCurves.nistP384, 48);
    public static readonly EllipticCurve P521 = new("P-521", ECCurve.NamedCurves.nistP521, 66);

    /// <summary>The key's curve; null for a curve that is none of the three.</summary>
    public static EllipticCurve? Of(ECDsa key)
    {
        ECCurve curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed ? Array.Find([P256, P384, P521], c => c.Curve.Oid.Value == curve.Oid.Value) : null;
    }

    public static EllipticCurve? Find(string? name) => Array.Find([P256, P384, P521], c => c.Name == name);
}
