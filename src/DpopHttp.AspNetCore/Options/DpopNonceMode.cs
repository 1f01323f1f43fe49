namespace DpopHttp.AspNetCore;

/// <summary>When a proof needs a nonce of the server (RFC 9449 section 9). An endpoint with <c>RequireDpopNonce()</c> is as if this were <see cref="Required"/>.</summary>
public enum DpopNonceMode
{
    /// <summary>Never. A nonce that comes is ignored.</summary>
    Off,

    /// <summary>
    /// When the <c>iat</c> of the proof is too old or too far ahead: the client gets a nonce, and a proof with it is accepted whatever the
    /// client's clock says. A nonce that comes must be a good one.
    /// </summary>
    WhenClockDiffers,

    /// <summary>
    /// Always. The nonce says when the proof was made, so it is accepted whatever <c>iat</c> and the client's clock say (RFC 9449 sections 4.3,
    /// item 11, and 11.1).
    /// </summary>
    Required,
}
