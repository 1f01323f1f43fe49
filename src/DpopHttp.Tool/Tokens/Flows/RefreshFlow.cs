using System.CommandLine;
using DpopHttp.Tool.Grants;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.TokenFiles;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tool.Tokens.Flows;

/// <summary>A new access token for a refresh token (RFC 6749 section 6).</summary>
internal sealed class RefreshFlow(HttpOptions http, ParseResult arguments, DpopKey key, TimeProvider timeProvider)
{
    /// <summary>The token that takes the place of a stored one.</summary>
    /// <param name="old">The stored one, which has a refresh token.</param>
    /// <param name="grant">The client. Without a scope or resources it asks for those of the stored one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Output.ToolException">It was refused.</exception>
    public async Task<StoredToken> RunAsync(StoredToken old, ClientGrant grant, CancellationToken cancellationToken)
    {
        grant = grant with { Resources = grant.Resources.Count > 0 ? grant.Resources : old.Resources };
        bool allowsInsecureHttp = http.AllowsInsecureHttp(arguments);
        ServiceProvider clients = TokenClients.CreateIdentity(key, grant, () => http.CreatePrimary(arguments), allowsInsecureHttp, http.TimeoutOf(arguments));
        await using (clients.ConfigureAwait(false))
        {
            using HttpClient client = clients.GetRequiredService<IHttpClientFactory>().CreateClient(TokenClients.Name);
            IdentitySession session = await IdentitySession.BeginAsync(client, grant, key, allowsInsecureHttp, cancellationToken).ConfigureAwait(false);
            using RefreshTokenRequest request = session.Prepare(
                new RefreshTokenRequest { RefreshToken = old.RefreshToken!, Scope = grant.Scope }, session.Server.TokenEndpoint, "token_endpoint");
            TokenResponse answer = TokenAnswer.Require(await client.RequestRefreshTokenAsync(request, cancellationToken).ConfigureAwait(false), key);
            return old with
            {
                AccessToken = answer.AccessToken!,
                ExpiresAt = TokenAnswer.ExpiryOf(answer, timeProvider),
                RefreshToken = answer.RefreshToken ?? old.RefreshToken,
                Scope = grant.Scope ?? old.Scope,
                Resources = grant.Resources,
            };
        }
    }
}
