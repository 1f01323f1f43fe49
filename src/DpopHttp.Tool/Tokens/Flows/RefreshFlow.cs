using Duende.IdentityModel.Client;

namespace DpopHttp.Tool.Tokens.Flows;

/// <summary>A new access token for a refresh token (RFC 6749 section 6).</summary>
internal static class RefreshFlow
{
    public static async Task<TokenResponse> RunAsync(IdentitySession session, string refreshToken, CancellationToken cancellationToken)
    {
        using RefreshTokenRequest request = session.Prepare(
            new RefreshTokenRequest { RefreshToken = refreshToken, Scope = session.Grant.Scope }, session.Server.TokenEndpoint, "token_endpoint");
        return TokenAnswer.Require(await session.Http.RequestRefreshTokenAsync(request, cancellationToken).ConfigureAwait(false), session.Key);
    }
}
