using DpopHttp.Http.Requests;
using DpopHttp.Proofs;
using DpopHttp.Shared;

namespace DpopHttp.Http.Authorization;

/// <summary>What each request with a token needs to know of it, found out once.</summary>
internal sealed class AccessToken(string value)
{
    public string Value => value;

    public string Hash { get; } = AccessTokenHash.Of(value);

    /// <summary>The key that the token says it is bound to, or null where it does not say (opaque tokens, plain JWTs).</summary>
    public string? BoundThumbprint { get; } = JwtConfirmation.ReadThumbprint(value);

    /// <summary>The Authorization field that presents it with a proof.</summary>
    public string Field { get; } = $"{DpopScheme.Name} {value}";
}
