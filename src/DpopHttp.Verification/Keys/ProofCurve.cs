using System.Security.Cryptography;
using System.Text;

namespace DpopHttp.Verification;

/// <summary>A curve of RFC 7518 section 6.2.1.1 and the size of its coordinates in bytes.</summary>
internal sealed record ProofCurve(string Name, ECCurve Curve, int CoordinateSize)
{
    public static readonly ProofCurve P256 = new("P-256", ECCurve.NamedCurves.nistP256, 32);
    public static readonly ProofCurve P384 = new("P-384", ECCurve.NamedCurves.nistP384, 48);
    public static readonly ProofCurve P521 = new("P-521", ECCurve.NamedCurves.nistP521, 66);

    /// <summary>What stands before x in the text that a thumbprint is the hash of (RFC 7638 section 3.2).</summary>
    public byte[] ThumbprintPrefix { get; } = Encoding.ASCII.GetBytes($"{{\"crv\":\"{Name}\",\"kty\":\"EC\",\"x\":\"");
}
