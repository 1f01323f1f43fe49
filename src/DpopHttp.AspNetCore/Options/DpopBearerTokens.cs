namespace DpopHttp.AspNetCore;

/// <summary>What becomes of access tokens that come with the Bearer scheme.</summary>
public enum DpopBearerTokens
{
    /// <summary>They are refused.</summary>
    Reject,

    /// <summary>
    /// Those that aren't bound to a key are accepted, while clients move to DPoP. A bound token as Bearer is refused all the same (RFC 9449
    /// section 7.2).
    /// </summary>
    AllowUnbound,
}
