using System.Text.Json.Nodes;

namespace DpopHttp.Proofs;

/// <summary>What a proof states, but for its jti, which is made with it (RFC 9449 section 4.2).</summary>
/// <param name="Method">htm.</param>
/// <param name="TargetAuthority">htu up to its path, or all of it.</param>
/// <param name="TargetPath">The path of htu, or empty.</param>
/// <param name="IssuedAt">iat, in seconds since 1970.</param>
/// <param name="AccessTokenHash">ath, or null without a token.</param>
/// <param name="Nonce">nonce, or null while the server gave none.</param>
/// <param name="ExpiresAt">exp, in seconds since 1970, or null without one.</param>
/// <param name="Additional">Further claims, or null.</param>
/// <param name="HeaderMembers">Further members of the header, or null.</param>
internal readonly record struct ProofClaims(
    string Method,
    string TargetAuthority,
    string TargetPath,
    long IssuedAt,
    string? AccessTokenHash,
    string? Nonce,
    long? ExpiresAt = null,
    IEnumerable<KeyValuePair<string, JsonNode?>>? Additional = null,
    IReadOnlyDictionary<string, JsonNode?>? HeaderMembers = null)
{
    /// <summary>The claim that <see cref="ExpiresAt"/> is written as.</summary>
    public const string Expiry = "exp";

    /// <summary>The claims that are ours to set.</summary>
    public static readonly string[] Reserved = ["jti", "htm", "htu", "iat", "ath", "nonce"];

    /// <summary>The members of the header that are ours to set.</summary>
    public static readonly string[] ReservedHeaderMembers = ["typ", "alg", "jwk"];
}
