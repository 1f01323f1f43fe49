using System.Text.Json;

namespace DpopHttp.Testing;

/// <summary>What <see cref="DpopProofVerifier"/> found.</summary>
public sealed class DpopProofResult
{
    internal DpopProofResult()
    {
    }

    /// <summary>Whether every check passed.</summary>
    public bool IsValid => FailedCheck is null;

    /// <summary>The first check that failed, or null.</summary>
    public DpopProofCheck? FailedCheck { get; internal init; }

    /// <summary>What was found and what was expected instead; null when all is well. It never contains an access token.</summary>
    public string? Description { get; internal init; }

    /// <summary>The thumbprint (RFC 7638, SHA-256, base64url) of the proof's key; null when there is no readable key.</summary>
    public string? Thumbprint { get; internal init; }

    /// <summary>The <c>jti</c> claim; null when there is none that could be read.</summary>
    public string? JwtId { get; internal init; }

    /// <summary>
    /// The JOSE header by parameter name; empty when the proof is not well-formed. Nobody vouches for it unless <see cref="IsValid"/>.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Header { get; internal init; } = CompactJwt.NoMembers;

    /// <summary>
    /// The claims by name; empty when the proof is not well-formed. Nobody vouches for them unless <see cref="IsValid"/>.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Claims { get; internal init; } = CompactJwt.NoMembers;

    /// <summary>One line for messages of failed tests.</summary>
    /// <returns>"valid", or the failed check and its description.</returns>
    public override string ToString() => IsValid ? "valid" : $"{FailedCheck}: {Description}";
}
