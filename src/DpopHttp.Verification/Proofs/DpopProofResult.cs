using System.Text.Json;

namespace DpopHttp.Verification;

/// <summary>What <see cref="DpopProofVerifier"/> found.</summary>
public sealed class DpopProofResult
{
    private readonly string? _wellFormedProof;
    private ProofMembers? _members;

    internal DpopProofResult(string? wellFormedProof) => _wellFormedProof = wellFormedProof;

    /// <summary>Whether every check passed.</summary>
    public bool IsValid => FailedCheck is null;

    /// <summary>The first check that failed, or null.</summary>
    public DpopProofCheck? FailedCheck { get; internal init; }

    /// <summary>The section of the RFC that asks for the check that failed, such as "RFC 9449 section 4.3, item 9", or null.</summary>
    public string? Section => FailedCheck?.GetSection();

    /// <summary>
    /// What was found and what was expected instead; null when all is well. It never contains an access token, a proof, a nonce or a query
    /// string, and text from the sender is cut at 200 characters and has no control characters.
    /// </summary>
    public string? Description { get; internal init; }

    /// <summary>
    /// What the server saw, when <see cref="DpopProofCheck.Method"/>, <see cref="DpopProofCheck.Uri"/> or
    /// <see cref="DpopProofCheck.IssuedAt"/> failed: the method, the normalized URI, or its time in seconds since 1970. Otherwise null.
    /// </summary>
    public string? Seen { get; internal init; }

    /// <summary>What the proof claimed instead of <see cref="Seen"/>, as safe for a log as <see cref="Description"/>; otherwise null.</summary>
    public string? Claimed { get; internal init; }

    /// <summary>The thumbprint (RFC 7638, SHA-256, base64url) of the proof's key; null when there is no readable key.</summary>
    public string? Thumbprint { get; internal init; }

    /// <summary>The thumbprint of the key that the access token is bound to, as the context named it; otherwise null.</summary>
    public string? BoundThumbprint { get; internal init; }

    /// <summary>The <c>jti</c> claim; null when there is none that could be read.</summary>
    public string? JwtId { get; internal init; }

    /// <summary>The <c>nonce</c> claim; null when there is none that could be read.</summary>
    public string? Nonce =>
        Claims.TryGetValue("nonce", out JsonElement nonce) && nonce.ValueKind == JsonValueKind.String ? nonce.GetString() : null;

    /// <summary>
    /// The JOSE header by parameter name; empty when the proof is not well-formed. Nobody vouches for it unless <see cref="IsValid"/>.
    /// Read from the proof when it is asked for.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Header => Members.Header;

    /// <summary>
    /// The claims by name; empty when the proof is not well-formed. Nobody vouches for them unless <see cref="IsValid"/>.
    /// Read from the proof when they are asked for.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Claims => Members.Claims;

    private ProofMembers Members => _members ??= _wellFormedProof is null ? ProofMembers.None : ProofDocument.Read(_wellFormedProof);

    /// <summary>One line for messages of failed tests.</summary>
    /// <returns>"valid", or the failed check and its description.</returns>
    public override string ToString() => IsValid ? "valid" : $"{FailedCheck}: {Description}";
}
