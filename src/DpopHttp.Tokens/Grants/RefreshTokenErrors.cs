namespace DpopHttp.Tokens.Grants;

/// <summary>The messages about refresh tokens: what was found, which rule, what to do.</summary>
internal static class RefreshTokenErrors
{
    public static DpopTokenException Missing(string client) => new(
        DpopTokenErrorCodes.TokenRefused,
        $"The store of the client '{client}' has no refresh token. Somebody has to sign in first. Save the refresh token from that in the store.");

    public static DpopException KeyMissing(string client, string thumbprint, DpopKey current) => new(
        DpopErrorCodes.KeyMismatch,
        $"The refresh token of the client '{client}' is bound to the key {thumbprint}, but the client has {current.Thumbprint} and none of its former "
        + "keys is that one. A public client's refresh token is good with its key only (RFC 9449 section 5). Restore that key, or let the user sign in again.");

    public static DpopTokenException StoreFailed(string client, Exception cause) => new(
        DpopTokenErrorCodes.RefreshTokenStoreFailed,
        $"The refresh token of the client '{client}' could not be read or kept: {cause.Message} A rotated refresh token is kept before anything is "
        + "done with its access token. One that could not be is held in memory and kept with the next call; make the store work before the process ends.",
        cause);
}
