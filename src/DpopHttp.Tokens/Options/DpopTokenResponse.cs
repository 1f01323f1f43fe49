using System.Diagnostics;

namespace DpopHttp;

/// <summary>A token that a source of the application's own got: see <see cref="DpopTokenSourceOptions.GetToken"/>.</summary>
/// <remarks>Its <see cref="object.ToString"/> does not show the token.</remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class DpopTokenResponse
{
    /// <summary>Creates the answer.</summary>
    /// <param name="accessToken">The <c>access_token</c>.</param>
    /// <param name="tokenType">The <c>token_type</c> as the server gave it. One that isn't <c>DPoP</c> isn't bound to the key (RFC 9449 section 5), and is refused.</param>
    /// <param name="expiresIn">How long the token is good, from when it was asked for. Null (the default), zero or less: the server doesn't say, and five minutes are assumed.</param>
    /// <exception cref="ArgumentException">The token is null or empty.</exception>
    public DpopTokenResponse(string accessToken, string? tokenType, TimeSpan? expiresIn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(accessToken);
        (AccessToken, TokenType, ExpiresIn) = (accessToken, tokenType, expiresIn);
    }

    /// <summary>The access token.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string AccessToken { get; }

    /// <summary>The token's type.</summary>
    public string? TokenType { get; }

    /// <summary>How long the token is good, or null.</summary>
    public TimeSpan? ExpiresIn { get; }

    /// <summary>The type and the lifetime.</summary>
    public override string ToString() => $"{TokenType} token for {ExpiresIn}";
}
