using DpopHttp.Tokens.AccessTokens;

namespace DpopHttp.Tokens.Endpoint;

/// <summary>What a token request was answered with.</summary>
/// <param name="Issued">The access token, or null if it can't be used.</param>
/// <param name="Fault">What is wrong with the access token, or null.</param>
/// <param name="RefreshToken">The refresh token that came along, or null. It takes the place of the one that was sent, whatever is wrong with the access token.</param>
internal sealed record TokenResult(IssuedToken? Issued, DpopTokenException? Fault, string? RefreshToken)
{
    /// <exception cref="DpopTokenException">It can't be used.</exception>
    public IssuedToken Token => Issued ?? throw Fault!;
}
