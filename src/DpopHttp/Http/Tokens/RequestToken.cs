using System.Net.Http.Headers;

namespace DpopHttp.Http.Tokens;

/// <summary>What a request's Authorization header means for its proof.</summary>
/// <param name="WantsProof">False for a plain Bearer token that is allowed to stay one: some servers reject the mix.</param>
/// <param name="AccessTokenHash">The ath claim, or null without a token of ours.</param>
/// <param name="Replacement">The header to send in place of the caller's, or null to leave it.</param>
/// <param name="Value">The token itself, or null without one.</param>
internal readonly record struct RequestToken(
    bool WantsProof, string? AccessTokenHash = null, AuthenticationHeaderValue? Replacement = null, string? Value = null);
