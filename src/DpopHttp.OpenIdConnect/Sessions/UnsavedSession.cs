namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>A renewed session that the store hasn't taken yet, and the access token that it takes the place of.</summary>
internal sealed record UnsavedSession(SessionRecord Record, DpopKey Key, string FormerAccessToken)
{
    /// <summary>Whether it is what came of the stored one. Otherwise another instance has gone on with the session.</summary>
    public bool Follows(SessionRecord stored) => stored.AccessToken == FormerAccessToken;
}
