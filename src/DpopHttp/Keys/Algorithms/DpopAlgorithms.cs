namespace DpopHttp;

/// <summary>The JWS algorithms that proofs can be signed with (RFC 7518 section 3.1).</summary>
public static class DpopAlgorithms
{
    /// <summary>ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4). The default.</summary>
    public const string ES256 = "ES256";

    /// <summary>ECDSA on P-384 with SHA-384 (RFC 7518 section 3.4).</summary>
    public const string ES384 = "ES384";

    /// <summary>ECDSA on P-521 with SHA-512 (RFC 7518 section 3.4).</summary>
    public const string ES512 = "ES512";

    /// <summary>RSASSA-PSS with SHA-256 (RFC 7518 section 3.5).</summary>
    public const string PS256 = "PS256";

    /// <summary>RSASSA-PSS with SHA-384 (RFC 7518 section 3.5).</summary>
    public const string PS384 = "PS384";

    /// <summary>RSASSA-PSS with SHA-512 (RFC 7518 section 3.5).</summary>
    public const string PS512 = "PS512";

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3).</summary>
    public const string RS256 = "RS256";

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384 (RFC 7518 section 3.3).</summary>
    public const string RS384 = "RS384";

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-512 (RFC 7518 section 3.3).</summary>
    public const string RS512 = "RS512";
}
