namespace DpopHttp.Http.Authorization;

/// <summary>What a request's Authorization field means for its proof.</summary>
/// <param name="WantsProof">False for a plain Bearer token that is allowed to stay one: some servers reject the mix.</param>
/// <param name="Token">The token that the proof is for, or null without one.</param>
/// <param name="CallersField">The field as the caller set it, or null without one.</param>
/// <param name="Field">The field to send in its place, or null to leave it as it is.</param>
/// <param name="WasUpgraded">Whether the caller's scheme was Bearer.</param>
internal readonly record struct RequestToken(
    bool WantsProof, AccessToken? Token = null, string? CallersField = null, string? Field = null, bool WasUpgraded = false);
