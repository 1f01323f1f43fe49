namespace DpopHttp.OpenIdConnect;

/// <summary>Says whose token a request is to have.</summary>
public static class DpopSessionRequestExtensions
{
    private static readonly HttpRequestOptionsKey<DpopSession?> Key = new("DpopHttp.OpenIdConnect.Session");

    internal static DpopSession? GetDpopSession(this HttpRequestMessage request) => request.Options.TryGetValue(Key, out DpopSession? session) ? session : null;

    /// <summary>
    /// Gives a request of a client with <c>AddDpopUserToken</c> the token of a session. That comes before <see cref="DpopSession.Use"/>, and before the user of
    /// a current HTTP request.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="session">The session; null: as if nothing had been said.</param>
    /// <exception cref="ArgumentNullException">The request is null.</exception>
    public static void SetDpopSession(this HttpRequestMessage request, DpopSession? session)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Key, session);
    }
}
