namespace DpopHttp.Verification;

/// <summary>
/// The checks of a DPoP proof, in the order of <see href="https://www.rfc-editor.org/rfc/rfc9449#section-4.3">RFC 9449 section 4.3</see>.
/// The first that fails is reported.
/// </summary>
public enum DpopProofCheck
{
    /// <summary>There is exactly one DPoP header field (4.3, item 1; none at all fails here too).</summary>
    SingleHeader,

    /// <summary>
    /// It is one well-formed JWT (item 2): a compact JWS that isn't too long, base64url without padding, two JSON objects without duplicate
    /// members, and no <c>crit</c> or <c>b64</c> header parameter.
    /// </summary>
    WellFormed,

    /// <summary>It has <c>jti</c> (a string, not empty), <c>htm</c> and <c>htu</c> (strings) and <c>iat</c> (a number) (item 3).</summary>
    RequiredClaims,

    /// <summary>Its <c>typ</c> is <c>dpop+jwt</c> (item 4).</summary>
    Type,

    /// <summary>Its <c>alg</c> is an asymmetric algorithm that is accepted here (item 5).</summary>
    Algorithm,

    /// <summary>
    /// Its signature verifies with its <c>jwk</c> (item 6). Fails also when that isn't a usable key for the algorithm, such as an RSA
    /// key of fewer than 2,048 bits or more than 8,192.
    /// </summary>
    Signature,

    /// <summary>Its <c>jwk</c> has no private member (item 7).</summary>
    NoPrivateKey,

    /// <summary>Its <c>htm</c> is the method of the request, in the same case (item 8).</summary>
    Method,

    /// <summary>
    /// Its <c>htu</c> is the URI of the request without query and fragment (item 9), both normalized by RFC 3986 sections 6.2.2 and 6.2.3.
    /// </summary>
    Uri,

    /// <summary>Its <c>nonce</c> is one that the server accepts, if the server demands one (item 10).</summary>
    Nonce,

    /// <summary>Its <c>iat</c> is neither too old nor too far ahead (item 11).</summary>
    IssuedAt,

    /// <summary>Its <c>exp</c>, if it has one, is not past, and its <c>nbf</c> not to come (RFC 7519 sections 4.1.4 and 4.1.5).</summary>
    Lifetime,

    /// <summary>Its <c>ath</c> is the hash of the access token that came with it (item 12, first part).</summary>
    AccessTokenHash,

    /// <summary>Its key is the one that the access token is bound to (item 12, second part).</summary>
    KeyBinding,

    /// <summary>It was not used before: its <c>jti</c>, with the same key and for the same URI (RFC 9449 section 11.1).</summary>
    Replay,
}
