using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.PerRequest;

namespace DpopHttp.Tokens.Grants;

/// <summary>A way to get tokens (RFC 6749 section 1.3), with the options of one time.</summary>
internal abstract class Grant(string client, string identity)
{
    /// <summary>The name of the client that the tokens are for.</summary>
    public string Client => client;

    /// <summary>Stands for everything in the options that decides what the tokens are good for: with another one, a token that is there is none for the client any more.</summary>
    public string Identity => identity;

    /// <summary>Gets a token.</summary>
    /// <param name="key">The key that the client signs with: the token is bound to it, or to the one that the grant itself is bound to.</param>
    /// <param name="parameters">What the request wants beyond the options.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="DpopException">There is none.</exception>
    public abstract Task<IssuedToken> RequestAsync(DpopKey key, TokenParameters parameters, CancellationToken cancellationToken);

    /// <summary>Where instances with the same key may share the token, or null if it is one person's.</summary>
    public virtual string? SharedEntry(DpopKey key, TokenParameters parameters) => null;
}
