using System.Net;
using DpopHttp.Http.Challenges;

namespace DpopHttp.Http.Replays;

/// <summary>The one place that decides whether a request is sent once more: from the refusal, and from what the call has spent.</summary>
internal static class ReplayDecision
{
    private const string UseDpopNonce = "use_dpop_nonce";
    private const string InvalidDpopProof = "invalid_dpop_proof";
    private const string InvalidToken = "invalid_token";

    /// <summary>Whether an answer may be a refusal that can be cured, so that it is worth being read.</summary>
    public static bool MayBeRefusal(HttpStatusCode status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest or HttpStatusCode.ExpectationFailed;

    /// <summary>The first row that applies counts; null: the answer is the caller's.</summary>
    public static Replay? Decide(Refusal refusal, in Attempt attempt, in ReplayBudget budget)
    {
        ReplayReason reason =
            refusal.Status == HttpStatusCode.ExpectationFailed ? If(attempt.HasExpectationOfOurs, ReplayReason.Expectation)
            : budget.Allows(ReplayReason.Nonce) && AsksForNonce(refusal, attempt) ? ReplayReason.Nonce
            : budget.Allows(ReplayReason.Clock) && refusal.ClockOffset is not null && MayBeCuredByTime(refusal, attempt) ? ReplayReason.Clock
            : attempt.CanRenewToken && RefusesToken(refusal) ? ReplayReason.Token
            : ReplayReason.None;
        return budget.Allows(reason) ? new Replay(reason, refusal.Nonce ?? attempt.Nonce.Value, refusal.ClockOffset ?? default) : null;
    }

    /// <summary>
    /// A resource refuses with 401 and differs in the error that it names with a nonce, or names none (RFC 9449 section 9): of the errors that a nonce can
    /// cure there are two. An authorization server names the one error (section 8), and answers 400 for much else.
    /// </summary>
    public static bool AsksForNonce(Refusal refusal, in Attempt attempt) =>
        refusal.Nonce is not null && refusal.Nonce != attempt.Nonce.Value
        && (refusal.Status == HttpStatusCode.Unauthorized
            ? refusal.Errors.All(error => error.Code is UseDpopNonce or InvalidDpopProof)
            : refusal.Errors.Any(error => error.IsAboutProof && error.Code == UseDpopNonce));

    /// <summary>
    /// The server says that the proof is wrong. Or the proof followed a clock that was learnt: then any 401 may be about the time, since not all servers
    /// name their error.
    /// </summary>
    private static bool MayBeCuredByTime(Refusal refusal, in Attempt attempt) =>
        refusal.Errors.Any(error => error.IsAboutProof && error.Code == InvalidDpopProof)
        || (attempt.ClockOffset != TimeSpan.Zero && refusal.Status == HttpStatusCode.Unauthorized);

    /// <summary>
    /// The token is expired, revoked or otherwise not good any more (RFC 6750 section 3.1). Some servers say so in a Bearer challenge whatever the scheme
    /// of the request.
    /// </summary>
    private static bool RefusesToken(Refusal refusal) =>
        refusal.Status == HttpStatusCode.Unauthorized && refusal.Errors.Any(error => error.Code == InvalidToken);

    /// <summary>Whether the answer to a replay refuses it again for the same reason.</summary>
    public static bool RefusesAgain(Refusal refusal, in Attempt attempt) => attempt.Reason switch
    {
        ReplayReason.Nonce => AsksForNonce(refusal, attempt) || refusal.Errors.Any(error => error.Code == UseDpopNonce),
        ReplayReason.Clock => refusal.Errors.Any(error => error.Code == InvalidDpopProof),
        ReplayReason.Token => RefusesToken(refusal),
        ReplayReason.Expectation => refusal.Status == HttpStatusCode.ExpectationFailed,
        _ => false,
    };

    private static ReplayReason If(bool condition, ReplayReason reason) => condition ? reason : ReplayReason.None;
}
