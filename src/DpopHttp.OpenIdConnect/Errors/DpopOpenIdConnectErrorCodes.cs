namespace DpopHttp.OpenIdConnect;

/// <summary>The value of <see cref="DpopException.Code"/> that this package adds to <see cref="DpopTokenErrorCodes"/>. It is stable: code may compare with it.</summary>
public static class DpopOpenIdConnectErrorCodes
{
    /// <summary>There is no token for the user until the next sign-in: see <see cref="DpopSignInRequiredException"/>.</summary>
    public const string SignInRequired = "sign_in_required";
}
