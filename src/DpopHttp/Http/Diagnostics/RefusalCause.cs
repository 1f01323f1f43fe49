using System.Globalization;
using DpopHttp.Http.Challenges;
using DpopHttp.Http.Replays;
using DpopHttp.Http.Requests;

namespace DpopHttp.Http.Diagnostics;

/// <summary>Says in a sentence what a refusal is likely to be about, as far as it shows on this side.</summary>
internal static class RefusalCause
{
    public static string Of(HandedBackRefusal refusal, IReadOnlyList<AuthenticationChallenge> challenges)
    {
        if (ClockCause(refusal) is { } clock)
        {
            return clock;
        }

        if (refusal.Token.Token is null)
        {
            return refusal.Token.CallersField switch
            {
                null => "The request had no access token: set its Authorization header, or let the client get tokens, such as by AddDpopClientCredentials.",
                { } field when field.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) => "The server may not know the credentials in the Authorization field (Basic).",
                _ => "The Authorization field has neither the scheme DPoP nor Bearer, so the proof is for no token.",
            };
        }

        bool offersDpop = challenges.Any(challenge => DpopScheme.Is(challenge.Scheme));
        if (!offersDpop && challenges.Any(challenge => DpopScheme.IsBearer(challenge.Scheme)))
        {
            return "The server offers the scheme Bearer only: it may not take DPoP (set BearerTokens to Allow for such a server).";
        }

        string? error = challenges.Where(challenge => DpopScheme.Is(challenge.Scheme)).Select(challenge => challenge.Parameters.GetValueOrDefault("error")).FirstOrDefault();
        return (refusal.Token, error) switch
        {
            ({ WasUpgraded: true, Token.BoundThumbprint: null }, _) =>
                "The token came with the scheme Bearer and does not say that it is bound to a key (cnf.jkt): it may have been issued without DPoP.",
            (_, "invalid_token") => "The token may have expired, or be for another audience, or be from another issuer than the server expects.",
            (_, "invalid_dpop_proof") =>
                "The cause may be a gateway that makes the server see another address than htu (see HtuOverride), or a handler below the DPoP handler that sends a request twice.",
            _ => "The token, its audience, or the proof's htu behind a gateway (see HtuOverride) may be what the server objects to.",
        };
    }

    private static string? ClockCause(HandedBackRefusal refusal)
    {
        if (refusal.Response.Headers.Date - (refusal.Now + refusal.Attempt.ClockOffset) is not { } offset || offset.Duration() <= ClockOffset.Tolerance)
        {
            return null;
        }

        string seconds = Math.Abs((long)offset.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return $"The server's clock is {seconds} s {(offset > TimeSpan.Zero ? "ahead of" : "behind")} the time in the proof: set the clock of this machine.";
    }
}
