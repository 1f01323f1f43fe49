namespace LoopbackServers;

/// <summary>What the API asks of an access token before it looks at the proof: does it allow this, whoever sends it?</summary>
public enum TokenCheck
{
    /// <summary>The request has an Authorization header with credentials.</summary>
    Present,

    /// <summary>Its scheme is DPoP: a bound token must not pass as a plain Bearer token (RFC 9449 section 7.2).</summary>
    Scheme,

    /// <summary>It is a JWT of type <c>at+jwt</c> (RFC 9068 section 2.1), and not an ID token or a proof.</summary>
    Type,

    /// <summary>It is signed, with ES256, by a key that the authorization server publishes.</summary>
    Signature,

    /// <summary>Its <c>iss</c> is the authorization server.</summary>
    Issuer,

    /// <summary>Its <c>aud</c> is this API.</summary>
    Audience,

    /// <summary>Its <c>exp</c> is still to come.</summary>
    Lifetime,

    /// <summary>It names the key it is bound to, as <c>cnf.jkt</c> (RFC 9449 section 6.1).</summary>
    Binding,

    /// <summary>Its <c>scope</c> covers this API.</summary>
    Scope,
}
