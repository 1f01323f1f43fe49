using System.Diagnostics;
using System.Net;
using DpopHttp.Http.Bodies;
using DpopHttp.Http.Challenges;
using DpopHttp.Nonces;

namespace DpopHttp.Http;

/// <summary>One request and what it takes to get its answer from one origin: proof on, sent, answer judged, sent once more if that can help.</summary>
internal sealed class Exchange(DpopClient client, OriginState origin, Outgoing outgoing, RequestBody body)
{
    private ReplayReasons _spent;
    private ReplayReasons _last;
    private bool _isAnswered;

    /// <summary>The nonce of a challenge that was answered: (nonce, number of the request that it came for).</summary>
    private (string Nonce, long Departure)? _held;

    public async ValueTask<HttpResponseMessage> RunAsync(bool async, CancellationToken cancellationToken)
    {
        bool leads = await origin.ColdStart.EnterAsync(client.Time, async, cancellationToken).ConfigureAwait(false);
        try
        {
            return await SendUntilAnsweredAsync(async, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            LearnHeld();

            // Only now may others go: they take along what was learnt.
            if (_isAnswered)
            {
                origin.ColdStart.End();
            }
            else if (leads)
            {
                origin.ColdStart.HandOn();
            }
        }
    }

    private async ValueTask<HttpResponseMessage> SendUntilAnsweredAsync(bool async, CancellationToken cancellationToken)
    {
        string? nonce = origin.Nonce;
        while (true)
        {
            (HttpResponseMessage response, long departure) = await SendOnceAsync(nonce, async, cancellationToken).ConfigureAwait(false);
            if (outgoing.Hop.WasMovedBelow(response))
            {
                return response;
            }

            Challenge? challenge = await JudgeAsync(response, nonce, async, cancellationToken).ConfigureAwait(false);
            if (challenge is null || !body.TryReset())
            {
                Conclude(response, departure, challenge);
                return response;
            }

            Accept(challenge, response, departure);
            response.Dispose();
            nonce = challenge.Nonce;
        }
    }

    private async ValueTask<(HttpResponseMessage Response, long Departure)> SendOnceAsync(string? nonce, bool async, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        outgoing.Stamp(await client.Proofs.CreateAsync(
            origin.Key, outgoing.Request, outgoing.Token.AccessTokenHash, nonce, origin.ClockOffset, async, cancellationToken).ConfigureAwait(false));
        client.Telemetry.Proved(outgoing.Request, began);

        long departure = origin.Depart();
        using Activity? activity = Telemetry.StartReplay(_last);
        try
        {
            HttpResponseMessage response = await client.Send(outgoing.Request, async, cancellationToken).ConfigureAwait(false);
            client.Telemetry.Answered(outgoing.Request, _last, response.StatusCode);
            return (response, departure);
        }
        catch
        {
            client.Telemetry.Answered(outgoing.Request, _last, status: null);
            throw;
        }
    }

    private async ValueTask<Challenge?> JudgeAsync(HttpResponseMessage response, string? sentNonce, bool async, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.ExpectationFailed && body.ExpectsByUs)
        {
            return new Challenge(ReplayReasons.Expectation, Nonce.Read(response.Headers) ?? sentNonce);
        }

        try
        {
            return await client.Challenges.ReadAsync(response, origin, sentNonce, _spent, async, cancellationToken).ConfigureAwait(false)
                ?? await RenewTokenAsync(response, sentNonce, async, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async ValueTask<Challenge?> RenewTokenAsync(HttpResponseMessage response, string? sentNonce, bool async, CancellationToken cancellationToken)
    {
        if (_spent.HasFlag(ReplayReasons.Token)
            || outgoing.Token.Value is not { } refused
            || outgoing.Request.DpopTokenRenewal is not { } renew
            || !ChallengeReader.RefusesToken(response))
        {
            return null;
        }

        // The server that the token comes from may be this one, and want the same nonce. It has answered: nobody needs to wait for this request.
        LearnHeld();
        origin.ColdStart.End();
        ValueTask<string?> renewal = renew(refused, cancellationToken);
        string? renewed = async ? await renewal.ConfigureAwait(false) : renewal.AsTask().GetAwaiter().GetResult();
        if (renewed is null || renewed == refused)
        {
            return null;
        }

        outgoing.Carry(client.Tokens.Renewed(renewed, origin.Key));
        return new Challenge(ReplayReasons.Token, Nonce.Read(response.Headers) ?? sentNonce);
    }

    private void Accept(Challenge challenge, HttpResponseMessage response, long departure)
    {
        client.Telemetry.Challenged(outgoing.Request, challenge);
        _spent |= _last = challenge.Reason;
        LearnClock(challenge);
        if (Nonce.Read(response.Headers) is { } nonce)
        {
            _held = (nonce, departure);
        }
    }

    /// <summary>Kept back until the replay has its answer: a server that takes each nonce once would refuse it if another request had used the nonce first.</summary>
    private void LearnHeld()
    {
        if (_held is { } held)
        {
            origin.Learn(held.Nonce, held.Departure);
        }
    }

    /// <summary>The answer is the caller's; what it teaches is ours.</summary>
    private void Conclude(HttpResponseMessage response, long departure, Challenge? unanswered)
    {
        if (Nonce.Read(response.Headers) is { } nonce)
        {
            origin.Learn(nonce, departure);
        }

        client.Telemetry.HandedBack(outgoing.Request, response, origin.Key);
        if (unanswered is not null)
        {
            LearnClock(unanswered);
            client.Telemetry.CannotReplay(outgoing.Request, unanswered);
        }

        _isAnswered = true;
    }

    private void LearnClock(Challenge challenge)
    {
        if (challenge.Reason == ReplayReasons.Clock)
        {
            origin.ClockOffset = challenge.ClockOffset;
        }
    }
}
