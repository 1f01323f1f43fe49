using System.Net.Http.Headers;

namespace DpopHttp.Http.Challenges;

/// <summary>A challenge of a WWW-Authenticate field (RFC 9110 section 11.6.1).</summary>
/// <param name="Scheme">The scheme as it was spelt.</param>
/// <param name="Parameters">Its parameters, names ignoring case.</param>
internal sealed record AuthenticationChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    private const string FieldName = "WWW-Authenticate";

    /// <summary>Longer fields are not challenges of any server, and are passed over. Characters in all.</summary>
    private const int MaximumLength = 16 * 1024;

    /// <summary>The response's challenges, read from the text: the platform drops a whole line for a fault whose meaning is plain.</summary>
    public static List<AuthenticationChallenge> ReadAll(HttpResponseMessage response)
    {
        List<AuthenticationChallenge> challenges = [];
        if (response.Headers.NonValidated.TryGetValues(FieldName, out HeaderStringValues lines))
        {
            int left = MaximumLength;
            foreach (string line in lines)
            {
                if ((left -= line.Length) < 0)
                {
                    break;
                }

                ChallengeParser.Parse(line, challenges);
            }
        }

        return challenges;
    }
}
