using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Endpoint;

namespace DpopHttp.Tokens.Grants;

/// <summary>The client's own token (RFC 6749 section 4.4).</summary>
internal sealed class ClientCredentialsGrant(TokenEndpointClient endpoint, DpopClientCredentialsOptions options) : Grant(endpoint, options)
{
    private readonly TokenForm _form = new("client_credentials", options.Scope, options.Resources);

    /// <summary>By the key, so that a token never meets another, and by everything that decides what the token is good for.</summary>
    public override string SharedEntry(DpopKey key) => $"DpopHttp:token:{key.Thumbprint}:{Identity}";

    public override async Task<IssuedToken> RequestAsync(DpopKey key, CancellationToken cancellationToken) =>
        (await Endpoint.RequestAsync(options, key, _form, cancellationToken).ConfigureAwait(false)).Token;
}
