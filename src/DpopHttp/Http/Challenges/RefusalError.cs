namespace DpopHttp.Http.Challenges;

/// <summary>An error that a refusal names.</summary>
/// <param name="Code">The error, such as <c>use_dpop_nonce</c>.</param>
/// <param name="IsAboutProof">Whether a DPoP challenge or the body names it, and not a challenge of another scheme.</param>
internal readonly record struct RefusalError(string Code, bool IsAboutProof);
