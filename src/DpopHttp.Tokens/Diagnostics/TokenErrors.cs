using System.Text.Json;
using Duende.IdentityModel;
using Duende.IdentityModel.Client;

namespace DpopHttp.Tokens;

/// <summary>Every exception of the package: what was found, which rule, what to do.</summary>
internal static class TokenErrors
{
    public static DpopTokenException Refused(string client, TokenResponse response)
    {
        string? error = Member(response, OidcConstants.TokenResponse.Error), description = Member(response, OidcConstants.TokenResponse.ErrorDescription);
        return new DpopTokenException(
            DpopTokenErrorCodes.TokenRefused,
            $"The authorization server refused a token for the client '{client}': {error ?? "it names no error"}"
            + (description is null ? "" : $", {description}")
            + $" (status {(int)response.HttpStatusCode}). A refusal is final (RFC 6749 section 5.2). Correct the client's options, or its registration there.")
        {
            Error = error,
            ErrorDescription = description,
        };
    }

    public static DpopTokenException Unavailable(string client, string why, Exception? cause) => new(
        DpopTokenErrorCodes.TokenUnavailable,
        $"There is no token for the client '{client}' at this time: {why}. No request goes out without one. Try again later, and see that the "
        + "authorization server can be reached.",
        cause);

    public static DpopException NotBound(string client, string? tokenType) => new(
        DpopErrorCodes.BearerRejected,
        $"The authorization server gave the client '{client}' a token of type '{tokenType}'. Such a token is not bound to the client's key "
        + $"(RFC 9449 section 5). Turn DPoP on for the client there, or set {nameof(DpopOptions)}.{nameof(DpopOptions.BearerTokens)} to "
        + $"{nameof(BearerTokenHandling.Allow)} for a migration.");

    public static DpopTokenException MetadataUnusable(Uri authority, string? why) => new(
        DpopTokenErrorCodes.TokenRefused,
        $"The metadata of {authority} cannot be used: {why}. An issuer's metadata names that issuer and its token endpoint (RFC 8414 section 3.3). "
        + $"Correct {nameof(DpopTokenOptions.Authority)}, or set {nameof(DpopTokenOptions.TokenEndpoint)}.");

    public static DpopTokenException AlgorithmNotSupported(Uri authority, DpopKey key, string[] algorithms) => new(
        DpopTokenErrorCodes.AlgorithmNotSupported,
        $"The key {key} is for {key.Algorithm}, but {authority} takes proofs signed with {string.Join(", ", algorithms)} "
        + "(dpop_signing_alg_values_supported, RFC 9449 section 5.1). Use a key for one of these: see DpopOptions.KeyAlgorithm.");

    public static DpopTokenException NoRefreshToken(string client) => new(
        DpopTokenErrorCodes.TokenRefused,
        $"The store of the client '{client}' has no refresh token. Somebody has to sign in first. Save the refresh token from that in the store.");

    public static DpopException KeyOfRefreshTokenMissing(string client, string thumbprint, DpopKey current) => new(
        DpopErrorCodes.KeyMismatch,
        $"The refresh token of the client '{client}' is bound to the key {thumbprint}, but the client has {current.Thumbprint} and none of its former "
        + "keys is that one. A public client's refresh token is good with its key only (RFC 9449 section 5). Restore that key, or let the user sign in again.");

    public static DpopTokenException StoreFailed(string client, Exception cause) => new(
        DpopTokenErrorCodes.RefreshTokenStoreFailed,
        $"The refresh token of the client '{client}' could not be read or kept: {cause.Message} A rotated refresh token is kept before anything is "
        + "done with its access token. One that could not be is held in memory and kept with the next call; make the store work before the process ends.",
        cause);

    /// <summary>Of the answer itself: the response's own property gives the status' name for other statuses than 400.</summary>
    private static string? Member(TokenResponse response, string name) =>
        response.Json is { ValueKind: JsonValueKind.Object } && response.TryGet(name) is { Length: > 0 } value ? value : null;
}
