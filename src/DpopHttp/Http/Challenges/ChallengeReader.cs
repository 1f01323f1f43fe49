using System.Net;
using DpopHttp.Nonces;

namespace DpopHttp.Http.Challenges;

/// <summary>Judges an answer: is it a refusal that another proof can cure, and which?</summary>
internal sealed class ChallengeReader(TimeProvider time, bool learnClockOffset)
{
    private const string UseDpopNonce = "use_dpop_nonce";
    private const string InvalidDpopProof = "invalid_dpop_proof";
    private const string InvalidToken = "invalid_token";

    /// <summary>Null: the answer is the caller's.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="origin">Who answered.</param>
    /// <param name="sentNonce">The nonce in the proof that was sent.</param>
    /// <param name="spent">What this request was sent once more for already.</param>
    /// <param name="async">Whether to await, or to read in place.</param>
    /// <param name="cancellationToken">Ends the reading of the body.</param>
    public async ValueTask<Challenge?> ReadAsync(
        HttpResponseMessage response, OriginState origin, string? sentNonce, ReplayReasons spent, bool async, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest))
        {
            return null;
        }

        string? nonce = Nonce.Read(response.Headers);
        bool hasNews = nonce is not null && nonce != sentNonce && !spent.HasFlag(ReplayReasons.Nonce);
        TimeSpan? offset = learnClockOffset && !spent.HasFlag(ReplayReasons.Clock)
            ? ClockOffset.Measure(response, time.GetUtcNow(), origin.ClockOffset)
            : null;
        if (!hasNews && offset is null)
        {
            return null;
        }

        List<string> errors = await ReadErrorsAsync(response, async, cancellationToken).ConfigureAwait(false);
        if (hasNews && AsksForNonce(response.StatusCode, errors))
        {
            return new Challenge(ReplayReasons.Nonce, nonce);
        }

        return offset is { } found && errors.Contains(InvalidDpopProof)
            ? new Challenge(ReplayReasons.Clock, nonce ?? sentNonce, found)
            : null;
    }

    /// <summary>
    /// Whether the token is expired, revoked or otherwise not good any more, and the proof is not what is wrong. Some servers say so in a Bearer
    /// challenge whatever the scheme of the request.
    /// </summary>
    public static bool RefusesToken(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Unauthorized
        && response.Headers.WwwAuthenticate.Any(challenge =>
            (DpopScheme.Is(challenge.Scheme) || DpopScheme.IsBearer(challenge.Scheme))
            && AuthenticationParameters.Parse(challenge.Parameter).GetValueOrDefault("error") == InvalidToken);

    /// <summary>
    /// Resources differ in the error that they name with a nonce (RFC 9449 section 9), or name none: two errors can be cured by one.
    /// An authorization server names the one error (section 8), and answers 400 for much else.
    /// </summary>
    private static bool AsksForNonce(HttpStatusCode status, List<string> errors) => status == HttpStatusCode.Unauthorized
        ? errors.TrueForAll(error => error is UseDpopNonce or InvalidDpopProof)
        : errors.Contains(UseDpopNonce);

    /// <summary>The errors of the DPoP challenges, and of the body where the status is an authorization server's.</summary>
    private static async ValueTask<List<string>> ReadErrorsAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        List<string> errors = [.. response.DpopChallenges().Select(challenge => challenge.Error).OfType<string>()];
        if (response.StatusCode == HttpStatusCode.BadRequest
            && await ErrorBody.ReadErrorAsync(response, async, cancellationToken).ConfigureAwait(false) is { } error)
        {
            errors.Add(error);
        }

        return errors;
    }
}
