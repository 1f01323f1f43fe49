using System.Net.Http.Headers;
using DpopHttp.Http;
using DpopHttp.Http.Challenges;

namespace DpopHttp;

/// <summary>Reads what a server says about DPoP.</summary>
public static class DpopHttpResponseMessageExtensions
{
    /// <summary>
    /// The response's DPoP challenge, or null if it has none. Of several the first that names an error counts, else the first.
    /// Malformed fields are passed over.
    /// </summary>
    /// <exception cref="ArgumentNullException">The response is null.</exception>
    public static DpopChallenge? GetDpopChallenge(this HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        DpopChallenge? first = null;
        foreach (DpopChallenge challenge in response.DpopChallenges())
        {
            if (challenge.Error is not null)
            {
                return challenge;
            }

            first ??= challenge;
        }

        return first;
    }

    internal static IEnumerable<DpopChallenge> DpopChallenges(this HttpResponseMessage response)
    {
        foreach (AuthenticationHeaderValue challenge in response.Headers.WwwAuthenticate)
        {
            if (DpopScheme.Is(challenge.Scheme))
            {
                yield return new DpopChallenge(AuthenticationParameters.Parse(challenge.Parameter));
            }
        }
    }
}
