namespace DpopHttp;

/// <summary>Where a client secret goes in a token request (RFC 6749 section 2.3.1).</summary>
public enum DpopClientSecretLocation
{
    /// <summary>In the Authorization header, by HTTP Basic with identifier and secret form-encoded: <c>client_secret_basic</c>. The default.</summary>
    AuthorizationHeader,

    /// <summary>In the body, for servers that only read it there: <c>client_secret_post</c>.</summary>
    Body,
}
