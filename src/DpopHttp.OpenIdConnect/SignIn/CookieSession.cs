namespace DpopHttp.OpenIdConnect.SignIn;

/// <summary>What a cookie that was read names.</summary>
/// <param name="named">The session's scheme and identifier, or null if it names none.</param>
internal sealed class CookieSession((string Scheme, string Id)? named)
{
    /// <summary>Sign-out ends it also where the cookie was rejected.</summary>
    public (string Scheme, string Id)? Named => named;

    /// <summary>Null where the cookie was rejected.</summary>
    public (string Scheme, string Id)? Accepted => IsRejected ? null : named;

    public bool IsRejected { get; set; }
}
