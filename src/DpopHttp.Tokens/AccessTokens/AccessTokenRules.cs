using DpopHttp.Shared;

namespace DpopHttp.Tokens.AccessTokens;

/// <summary>Which access tokens can be used, looked at when they come and not when they are sent.</summary>
internal static class AccessTokenRules
{
    /// <summary>Whether the token can stand in an Authorization header (RFC 6750 section 2.1): visible ASCII without spaces.</summary>
    public static bool IsSendable(string token) => token.Length > 0 && !token.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The thumbprint of the key that a JWT is bound to, if that is another key; null for any other token.</summary>
    public static string? FindOtherKey(string token, DpopKey key) =>
        JwtConfirmation.ReadThumbprint(token) is { } bound && bound != key.Thumbprint ? bound : null;
}
