using DpopHttp.Http.Challenges;
using DpopHttp.Http.Diagnostics;
using DpopHttp.Http.Replays;
using DpopHttp.Origins;

namespace DpopHttp.Http;

/// <summary>What one exchange learns about its origin, and when it passes that on to others.</summary>
internal sealed class OriginLessons(OriginState origin, string thumbprint, bool hasToken, TimeProvider time)
{
    /// <summary>The nonce of a challenge that was answered.</summary>
    private (string Nonce, long RequestNumber)? _challengeNonce;

    /// <summary>A measured offset that no accepted proof has confirmed yet.</summary>
    private TimeSpan? _unconfirmedOffset;

    /// <summary>Whether the origin has answered, so that nobody needs to wait for this exchange.</summary>
    private bool _isAnswered;

    public OriginState Origin => origin;

    /// <summary>What a proof adds to our time.</summary>
    public TimeSpan ClockOffset(bool learnsClock) => _unconfirmedOffset ?? (learnsClock ? origin.Clock.Offset(time) : TimeSpan.Zero);

    public NonceChoice ChooseNonce() => origin.Choose(thumbprint, hasToken);

    /// <summary>Notes that a refusal is answered by another attempt.</summary>
    public void NoteReplay(Replay replay, Refusal refusal, in Attempt attempt, HttpRequestMessage request)
    {
        NoteOffset(replay);
        if (replay.Reason == ReplayReason.Expectation)
        {
            origin.Expect.NoteSilence(request.Version, time);
        }

        if (refusal.Nonce is { } nonce)
        {
            // Kept back: a server that takes each nonce once would refuse it if another request had used it before the replay.
            _challengeNonce = (nonce, attempt.RequestNumber);
        }
    }

    /// <summary>Notes the offset that the next proof follows, in this exchange or in another where this one cannot go on.</summary>
    public void NoteOffset(Replay replay) => _unconfirmedOffset = replay.Reason == ReplayReason.Clock ? replay.ClockOffset : _unconfirmedOffset;

    /// <summary>Notes that the origin wants another nonce than the one that was chosen.</summary>
    public void NoteRefusedNonce(in Attempt attempt) => origin.Note(attempt.Nonce, hasToken, wasRefused: true);

    /// <summary>Keeps a nonce for all.</summary>
    public void LearnNonce(string nonce, in Attempt attempt) => origin.Learn(nonce, thumbprint, hasToken, attempt.RequestNumber);

    /// <summary>What a store has for requests like this one. It stays as long as the origin does, and keeps nothing of the exchange.</summary>
    public StoredNonce StoredIn(DpopNonceStore store, HttpRequestMessage request, Telemetry telemetry)
    {
        StoredNonces stored = origin.FindStored(store) ?? AddStored(origin, store, request, time, telemetry);
        return hasToken ? stored.WithToken : stored.WithoutToken;
    }

    private static StoredNonces AddStored(OriginState state, DpopNonceStore store, HttpRequestMessage request, TimeProvider clock, Telemetry telemetry)
    {
        string host = Origins.Origin.Describe(request.RequestUri);
        return state.AddStored(store, Origins.Origin.Of(request).StoredName, clock, failure => telemetry.NonceStoreFailed(host, state, failure));
    }

    /// <summary>Passes on what is known although the exchange goes on: something that it waits for may need that.</summary>
    public void PassOn(Refusal refusal, in Attempt attempt)
    {
        LearnChallengeNonce(wasUsed: false);
        if (refusal.Nonce is { } nonce)
        {
            LearnNonce(nonce, attempt);
        }

        origin.ColdStart.End();
    }

    /// <summary>Learns from the answer that is the caller's, and says which clock was learnt, if one was.</summary>
    public TimeSpan? LearnAnswer(HttpResponseMessage response, Refusal? refusal, in Attempt attempt)
    {
        _isAnswered = true;
        LearnChallengeNonce(wasUsed: refusal is null);
        if (Nonce.Read(response.Headers) is { } nonce)
        {
            LearnNonce(nonce, attempt);
        }

        if (refusal is null)
        {
            origin.Note(attempt.Nonce, hasToken, wasRefused: false);
        }

        return LearnClock(refusal, attempt);
    }

    /// <summary>Only now may other requests go: they take along what was learnt.</summary>
    public void End(bool leadsColdStart)
    {
        LearnChallengeNonce(wasUsed: false);
        if (_isAnswered)
        {
            origin.ColdStart.End();
        }
        else if (leadsColdStart)
        {
            origin.ColdStart.LetNextLead();
        }
    }

    /// <summary>An offset is kept when a proof by it was accepted, or when that could not be tried; one that a refused proof followed is dropped.</summary>
    private TimeSpan? LearnClock(Refusal? refusal, in Attempt attempt)
    {
        if (_unconfirmedOffset is { } measured && (refusal is null || measured != attempt.ClockOffset))
        {
            origin.Clock.Learn(measured, time);
            return measured;
        }

        if (refusal?.ClockOffset is not null && attempt.ClockOffset != TimeSpan.Zero)
        {
            origin.Clock.Forget();
        }

        return null;
    }

    private void LearnChallengeNonce(bool wasUsed)
    {
        if (_challengeNonce is { } challenge)
        {
            _challengeNonce = null;
            origin.Learn(challenge.Nonce, thumbprint, hasToken, challenge.RequestNumber, wasUsed);
        }
    }
}
