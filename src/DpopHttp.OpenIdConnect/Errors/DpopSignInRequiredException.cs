namespace DpopHttp.OpenIdConnect;

/// <summary>
/// There is no token for the user, and there will be none until the user signs in again: nobody is signed in, the session has ended, or the
/// authorization server refused to renew the token (RFC 6749 section 5.2). Nothing was sent to the API. Its code is
/// <see cref="DpopOpenIdConnectErrorCodes.SignInRequired"/>.
/// </summary>
/// <remarks>
/// <c>app.UseDpopSignIn()</c> makes a challenge of it. An outage of the authorization server isn't one: that is a <see cref="DpopTokenException"/> with the
/// code <see cref="DpopTokenErrorCodes.TokenUnavailable"/>.
/// </remarks>
public class DpopSignInRequiredException : DpopTokenException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, which rule it breaks, and what to do.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public DpopSignInRequiredException(string message, Exception? innerException = null)
        : base(DpopOpenIdConnectErrorCodes.SignInRequired, message, innerException)
    {
    }

    /// <summary>The OpenID Connect scheme whose sign-in helps; null if any does.</summary>
    internal string? Scheme { get; init; }
}
