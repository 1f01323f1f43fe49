using System.Net.Http.Headers;
using DpopHttp.Proofs;
using DpopHttp.Shared;

namespace DpopHttp.Http.Tokens;

/// <summary>What each request with a token needs to know of it, found out once.</summary>
internal sealed class AccessToken(string token)
{
    public string Hash { get; } = AccessTokenHash.Of(token);

    /// <summary>The key that the token says it is bound to, or null where it does not say (opaque tokens, plain JWTs).</summary>
    public string? BoundThumbprint { get; } = JwtConfirmation.ReadThumbprint(token);

    public AuthenticationHeaderValue AsDpop { get; } = new(DpopScheme.Name, token);
}
