namespace DpopHttp.OpenIdConnect.Errors;

/// <summary>The messages about users' tokens: what was found, which rule, what to do.</summary>
internal static class SessionErrors
{
    private const string SignIn = " Nothing was sent. Let the user sign in again: app.UseDpopSignIn() makes a challenge of this.";

    public static DpopSignInRequiredException NobodySignedIn(string? client, string? scheme) => new(
        (client is null ? "There is no user's session here" : $"A request of the client '{client}' has no user")
        + ": it isn't within a request of a signed-in user, and no session is in use. A client with AddDpopUserToken sends nothing without the token of a user."
        + " Demand a signed-in user (RequireAuthorization), or use DpopSession.Use() or SetDpopSession in code that runs outside of a request.")
    {
        Scheme = scheme,
    };

    public static DpopSignInRequiredException OfOtherScheme(string client, string wanted, string given) => new(
        $"A request of the client '{client}' has the session of a user who signed in by the scheme '{given}', but AddDpopUserToken names the scheme '{wanted}'. A token goes only to "
        + "those that it is for (RFC 9700 section 4.9). Nothing was sent. Use a session of that scheme, or another client.")
    {
        Scheme = wanted,
    };

    public static DpopSignInRequiredException Gone(string scheme) => new(
        "The user's session isn't in the session store: the user has signed out, the session was unused for longer than SessionLifetime, or the store was emptied." + SignIn)
    {
        Scheme = scheme,
    };

    public static DpopSignInRequiredException KeyGone(string scheme, string thumbprint) => new(
        $"The user's token is bound to the key {thumbprint}, which isn't known any more (RFC 9449 section 5). Keep the app's key in a KeyFile, so that it outlives the process."
        + SignIn)
    {
        Scheme = scheme,
    };

    public static DpopSignInRequiredException NotRenewable(string scheme, DateTimeOffset expiredAt) => new(
        $"The user's token expired at {expiredAt:u}, and the authorization server gave no refresh token. Ask for one, often by the scope offline_access." + SignIn)
    {
        Scheme = scheme,
    };

    public static DpopSignInRequiredException Refused(string scheme, string error, string? description) => new(
        $"The authorization server refused to renew the user's token: {error}{(description is null ? "" : $", {description}")}. That is final until the next sign-in "
        + "(RFC 6749 section 5.2)." + SignIn)
    {
        Scheme = scheme,
        Error = error,
        ErrorDescription = description,
    };

    public static DpopTokenException ClientRefused(string scheme, string error, string? description) => new(
        DpopTokenErrorCodes.TokenRefused,
        $"The token endpoint of the scheme '{scheme}' refused a renewal, though not for the user's refresh token: {error}{(description is null ? "" : $", {description}")} (RFC 6749 section 5.2). "
        + "Nothing was sent to the API. Correct the scheme's options, or the app's registration there.")
    {
        Error = error,
        ErrorDescription = description,
    };

    public static DpopTokenException Unavailable(string scheme, string why, Exception? cause) => new(
        DpopTokenErrorCodes.TokenUnavailable,
        $"There is no token for the user at this time: {why} (scheme '{scheme}'). Nothing was sent to the API. Try again later, and see that the authorization server "
        + "and the session store can be reached.",
        cause);

    public static DpopTokenException Busy(string scheme, string error, string? description) => new(
        DpopTokenErrorCodes.TokenUnavailable,
        $"There is no token for the user at this time: the token endpoint of the scheme '{scheme}' answered {error}{(description is null ? "" : $", {description}")}. "
        + "Nothing was sent to the API. Try again later.")
    {
        Error = error,
        ErrorDescription = description,
    };

    public static DpopTokenException StillUnavailable(DpopTokenException original, TimeSpan left) => new(
        original.Code,
        $"{original.Message} That was a moment ago; it is tried again in {Math.Ceiling(left.TotalSeconds)} seconds.",
        original)
    {
        Error = original.Error,
        ErrorDescription = original.ErrorDescription,
    };

    public static DpopTokenException NotBound(string scheme, string? tokenType) => new(
        DpopTokenErrorCodes.TokenNotBound,
        $"The authorization server of the scheme '{scheme}' gave a token of type '{tokenType ?? "(none)"}'. Such a token isn't bound to the app's key (RFC 9449 section 5). "
        + "Turn DPoP on for the client there.");

    public static DpopTokenException BoundToOtherKey(string scheme, string thumbprint) => new(
        DpopTokenErrorCodes.TokenNotBound,
        $"The authorization server of the scheme '{scheme}' gave a token that is bound to another key than {thumbprint}, which signed the proof (RFC 9449 section 6.1). "
        + "See that nothing between the app and the server exchanges proofs or answers.");
}
