namespace DpopHttp;

/// <summary>The values of <see cref="DpopException.Code"/> that have to do with getting tokens. They are stable: code may compare with them.</summary>
public static class DpopTokenErrorCodes
{
    /// <summary>The authorization server refused: see <see cref="DpopTokenException.Error"/>. Asking again would not help.</summary>
    public const string TokenRefused = "token_refused";

    /// <summary>No token could be had at this time: the server could not be reached, failed, asked to wait, or gave an answer that cannot be used.</summary>
    public const string TokenUnavailable = "token_unavailable";

    /// <summary>The authorization server gave a token that is not bound to the client's key (RFC 9449 section 5).</summary>
    public const string TokenNotBound = "token_not_bound";

    /// <summary>The authorization server takes proofs of other algorithms than the key's (RFC 9449 section 5.1).</summary>
    public const string AlgorithmNotSupported = "algorithm_not_supported";

    /// <summary>The refresh token could not be read or kept.</summary>
    public const string RefreshTokenStoreFailed = "refresh_token_store_failed";
}
