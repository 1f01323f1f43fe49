using DpopHttp.Tokens.AccessTokens;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>What came of a token request that succeeded.</summary>
/// <param name="Token">The access token.</param>
/// <param name="RefreshToken">The refresh token that came with it, or null.</param>
internal sealed record TokenResult(IssuedToken Token, string? RefreshToken);
