namespace DpopHttp;

/// <summary>How a client gets tokens with the refresh token of somebody who signed in before (RFC 6749 section 6).</summary>
public class DpopRefreshTokenOptions : DpopTokenOptions
{
    /// <summary>
    /// Keeps the refresh token. Required; where the store is a service of the container, set it by
    /// <c>AddOptions&lt;DpopRefreshTokenOptions&gt;(name).Configure&lt;MyStore&gt;(…)</c>.
    /// </summary>
    public DpopRefreshTokenStore? Store { get; set; }
}
