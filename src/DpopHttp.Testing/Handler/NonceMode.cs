namespace DpopHttp.Testing;

/// <summary>
/// How a <see cref="ProtectedResourceHandler"/> deals in nonces (<see href="https://www.rfc-editor.org/rfc/rfc9449#section-8">RFC 9449 sections 8
/// and 9</see>). A challenge is the refusal of a request because its nonce is missing or not accepted.
/// </summary>
public enum NonceMode
{
    /// <summary>No nonce is demanded and none is sent.</summary>
    None,

    /// <summary>One nonce until <see cref="ProtectedResourceHandler.RotateNonce"/>, sent on every response.</summary>
    Steady,

    /// <summary>One nonce until <see cref="ProtectedResourceHandler.RotateNonce"/>, sent on challenges only.</summary>
    OnChallengeOnly,

    /// <summary>Every response brings a new nonce. The last three are accepted.</summary>
    RotateEachResponse,

    /// <summary>Every response brings a new nonce. Each is accepted once; the last 1,024 are kept.</summary>
    OneTime,

    /// <summary>Each challenge brings a new nonce, and none is ever accepted.</summary>
    NeverAccepted,

    /// <summary>Each challenge brings the same nonce, and it is never accepted.</summary>
    RepeatRefused,
}
