using Microsoft.AspNetCore.Http;

namespace DpopHttp.AspNetCore;

/// <summary>
/// What the DPoP schemes of one policy have challenged a request with. The scheme that has accepted the token knows what is wrong; that others don't know the
/// token would mislead the client.
/// </summary>
internal sealed class ChallengesOfRequest
{
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private readonly HashSet<string> _decisive = new(StringComparer.Ordinal);

    public static ChallengesOfRequest Of(HttpContext context)
    {
        if (context.Features.Get<ChallengesOfRequest>() is { } known)
        {
            return known;
        }

        ChallengesOfRequest challenges = new();
        context.Features.Set(challenges);
        return challenges;
    }

    /// <summary>Puts the challenge of one more scheme to those that are to be sent, unless the client is better off without it.</summary>
    public void Add(List<string?> challenges, string challenge, bool isDecisive)
    {
        if (isDecisive)
        {
            _decisive.Add(challenge);
            challenges.RemoveAll(other => other is not null && _others.Contains(other));
        }
        else if (challenges.Exists(other => other is not null && _decisive.Contains(other)))
        {
            return;
        }
        else
        {
            _others.Add(challenge);
        }

        AddOnce(challenges, challenge);
    }

    /// <summary>Adds a challenge, unless a scheme has said the same already.</summary>
    public static void AddOnce(List<string?> challenges, string challenge)
    {
        if (!challenges.Contains(challenge))
        {
            challenges.Add(challenge);
        }
    }
}
