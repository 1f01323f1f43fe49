using DpopHttp.Http.Challenges;
using DpopHttp.Http.Requests;

namespace DpopHttp;

/// <summary>Reads what a server says about DPoP.</summary>
public static class DpopHttpResponseMessageExtensions
{
    /// <summary>
    /// Gets the response's DPoP challenge (RFC 9449 section 7.1), or null if it has none. Of several the first that names an error counts, else the first.
    /// Malformed fields are passed over.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <exception cref="ArgumentNullException">The response is null.</exception>
    public static DpopChallenge? GetDpopChallenge(this HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        List<AuthenticationChallenge> challenges = AuthenticationChallenge.ReadAll(response).FindAll(challenge => DpopScheme.Is(challenge.Scheme));
        return (challenges.Find(challenge => challenge.Parameters.ContainsKey("error")) ?? challenges.FirstOrDefault()) is { } found
            ? new DpopChallenge(found.Parameters)
            : null;
    }
}
