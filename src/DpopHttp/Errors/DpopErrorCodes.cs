namespace DpopHttp;

/// <summary>The values of <see cref="DpopException.Code"/>. They are stable: code may compare with them.</summary>
public static class DpopErrorCodes
{
    /// <summary>The request would have gone over plain http to a host that is not loopback. Nothing was sent.</summary>
    public const string InsecureTransport = "insecure_transport";

    /// <summary>The request's origin is not in <see cref="DpopOptions.AllowedOrigins"/>. Nothing was sent.</summary>
    public const string OriginNotAllowed = "origin_not_allowed";

    /// <summary>The request has no absolute http or https URI. Nothing was sent.</summary>
    public const string InvalidRequestUri = "invalid_request_uri";

    /// <summary>The Authorization header names the DPoP or Bearer scheme but carries no usable token. Nothing was sent.</summary>
    public const string InvalidAccessToken = "invalid_access_token";

    /// <summary>A Bearer token was given and <see cref="DpopOptions.BearerTokens"/> is <see cref="BearerTokenHandling.Reject"/>. Nothing was sent.</summary>
    public const string BearerRejected = "bearer_rejected";

    /// <summary>The token is bound to another key than the client's (RFC 9449 section 6.1). Nothing was sent.</summary>
    public const string KeyMismatch = "key_mismatch";

    /// <summary>The key could not be opened, made or kept, or could not sign. Nothing was sent.</summary>
    public const string KeyUnavailable = "key_unavailable";

    /// <summary>The private part of the key cannot leave the place where it is.</summary>
    public const string KeyNotExportable = "key_not_exportable";

    /// <summary>The same request message is being sent at the same time already. It was not sent a second time.</summary>
    public const string RequestInUse = "request_in_use";

    /// <summary>The primary handler follows redirects by itself and was already in use, so that this can no longer be turned off. Nothing was sent.</summary>
    public const string PrimaryHandlerInUse = "primary_handler_in_use";
}
