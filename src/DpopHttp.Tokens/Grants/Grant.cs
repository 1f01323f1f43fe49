using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Endpoint;

namespace DpopHttp.Tokens.Grants;

/// <summary>A way to get tokens (RFC 6749 section 1.3), with the options of one time.</summary>
internal abstract class Grant(TokenEndpointClient endpoint, DpopTokenOptions options)
{
    /// <summary>The name of the client that the tokens are for.</summary>
    public string Client => endpoint.Client;

    /// <summary>Stands for everything that decides what the tokens are good for: with another one, a token that is there is none for the client any more.</summary>
    public string Identity { get; } = GrantIdentity.Of(options);

    protected TokenEndpointClient Endpoint => endpoint;

    /// <summary>Gets a token.</summary>
    /// <param name="key">The key that the client signs with: the token is bound to it, or to the one that the grant itself is bound to.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="DpopException">There is none.</exception>
    public abstract Task<IssuedToken> RequestAsync(DpopKey key, CancellationToken cancellationToken);

    /// <summary>Where instances with the same key may share the token, or null if it is one person's.</summary>
    public virtual string? SharedEntry(DpopKey key) => null;
}
