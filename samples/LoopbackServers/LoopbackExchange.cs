using DpopHttp.AspNetCore;
using DpopHttp.Verification;

namespace LoopbackServers;

/// <summary>
/// One request and its answer, as the server saw them. It holds the token and the proof in full, so that a sample can play the thief:
/// no real server may note them.
/// </summary>
public sealed class LoopbackExchange
{
    internal LoopbackExchange(string server, string method, string path)
    {
        Server = server;
        Method = method;
        Path = path;
    }

    /// <summary>Who answered: "authorization server" or "API".</summary>
    public string Server { get; }

    /// <summary>The method as it came over the wire.</summary>
    public string Method { get; }

    /// <summary>The path as it came over the wire, without the query.</summary>
    public string Path { get; }

    /// <summary>The scheme of the Authorization header, or null.</summary>
    public string? Scheme { get; internal set; }

    /// <summary>The access token, whatever its scheme; null when there was none.</summary>
    public string? AccessToken { get; internal set; }

    /// <summary>The DPoP header; null when there was none.</summary>
    public string? Proof { get; internal init; }

    /// <summary>What the verifier found, with the proof's claims; null when the request failed before the proof was looked at.</summary>
    public DpopProofResult? ProofResult { get; internal set; }

    /// <summary>Why the API refused the token: one of <see cref="DpopRefusalReasons"/>, or the check of the proof that failed.</summary>
    public string? Refusal { get; private set; }

    /// <summary>The error code that the answer names, such as <c>use_dpop_nonce</c>; null when it names none.</summary>
    public string? Error { get; internal set; }

    /// <summary>What was found and what was expected, in more detail than the sender is told; null when all is well.</summary>
    public string? Reason { get; internal set; }

    /// <summary>The answer's DPoP-Nonce header, or null.</summary>
    public string? NonceGiven { get; internal set; }

    /// <summary>The status of the answer.</summary>
    public int Status { get; internal set; }

    internal void Note(DpopValidation validation)
    {
        ProofResult = validation.Proof;
        Refusal = validation.Reason;
        Error = validation.Error;
        Reason = validation.Description;
    }
}
