using DpopHttp.Verification;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.AspNetCore;

/// <summary>
/// What became of the access token and the proof of a request. <see cref="DpopHttpContextExtensions.GetDpopValidation"/> returns it.
/// Nothing in it is secret but the claims of <see cref="Proof"/>.
/// </summary>
public sealed class DpopValidation
{
    internal DpopValidation(HttpContext context, string scheme, CredentialKind kind)
    {
        HttpContext = context;
        Scheme = scheme;
        CredentialKind = kind;
    }

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The authentication scheme.</summary>
    public string Scheme { get; }

    /// <summary>Whether the token was accepted.</summary>
    public bool IsAccepted => Reason is null && IsComplete;

    /// <summary>Whether a proof was verified and good. False for a token that was accepted as Bearer.</summary>
    public bool IsProven => IsAccepted && Proof is not null;

    /// <summary>
    /// Why the token was refused: one of <see cref="DpopRefusalReasons"/>, or the name of a check such as <c>uri</c>; null when it was
    /// accepted.
    /// </summary>
    public string? Reason { get; internal set; }

    /// <summary>The error code of the challenge, such as <c>invalid_dpop_proof</c>; null when there is none.</summary>
    public string? Error { get; internal set; }

    /// <summary>What was found and what was expected, in more detail than the client is told; null when the token was accepted.</summary>
    public string? Description { get; internal set; }

    /// <summary>The section of the RFC that was not heeded, or null.</summary>
    public string? Section { get; internal set; }

    /// <summary>What was found about the proof: the check, what was seen and claimed, the thumbprints. Null when none was looked at.</summary>
    public DpopProofResult? Proof { get; internal set; }

    /// <summary>Whether the proof had a nonce that was accepted.</summary>
    public bool HasNonce { get; internal set; }

    /// <summary>The nonce that the answer brings, or null.</summary>
    public string? NonceGiven { get; internal set; }

    /// <summary>How the token came.</summary>
    internal CredentialKind CredentialKind { get; }

    /// <summary>Set when all has been looked at: until then nothing counts as accepted.</summary>
    internal bool IsComplete { get; set; }

    /// <summary>Checks the nonce of the proof for an endpoint that needs one when authentication didn't know that.</summary>
    internal Func<string, bool>? AcceptNonce { get; set; }

    /// <summary>Set when an endpoint asked for more than authentication knew of.</summary>
    internal bool IsShortOfRequirement { get; set; }
}
