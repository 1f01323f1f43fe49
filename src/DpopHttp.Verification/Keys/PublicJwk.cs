namespace DpopHttp.Verification;

/// <summary>The public members of a jwk as bytes: x and y of a curve, or n and e of RSA.</summary>
internal sealed record PublicJwk(ProofCurve? Curve, byte[] First, byte[] Second, Digest256 Thumbprint);
