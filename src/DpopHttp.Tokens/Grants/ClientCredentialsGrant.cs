using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Endpoint;
using DpopHttp.Tokens.PerRequest;

namespace DpopHttp.Tokens.Grants;

/// <summary>The client's own token (RFC 6749 section 4.4).</summary>
internal sealed class ClientCredentialsGrant(TokenEndpointClient endpoint, DpopClientCredentialsOptions options)
    : Grant(endpoint.Client, GrantIdentity.Of(options, TokenParameters.None))
{
    /// <summary>By the key, so that a token never meets another, and by everything that decides what the token is good for.</summary>
    public override string SharedEntry(DpopKey key, TokenParameters parameters) =>
        $"DpopHttp:token:{key.Thumbprint}:{(parameters.IsEmpty ? Identity : GrantIdentity.Of(options, parameters))}";

    public override async Task<IssuedToken> RequestAsync(DpopKey key, TokenParameters parameters, CancellationToken cancellationToken) =>
        (await endpoint.RequestAsync(options, key, new TokenForm("client_credentials", parameters), cancellationToken).ConfigureAwait(false)).Token;
}
