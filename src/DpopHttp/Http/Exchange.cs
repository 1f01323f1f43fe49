using System.Diagnostics;
using DpopHttp.Http.Authorization;
using DpopHttp.Http.Bodies;
using DpopHttp.Http.Challenges;
using DpopHttp.Http.Diagnostics;
using DpopHttp.Http.Redirects;
using DpopHttp.Http.Replays;
using DpopHttp.Http.Requests;
using DpopHttp.Origins;
using DpopHttp.Proofs;

namespace DpopHttp.Http;

/// <summary>Sends to the handler below: SendAsync or Send.</summary>
internal delegate ValueTask<HttpResponseMessage> InnerSend(HttpRequestMessage request, bool async, CancellationToken cancellationToken);

/// <summary>One call of the caller's and what it takes to get its answer: prove, send, decide, learn; then once more, or to where a redirect leads.</summary>
internal sealed class Exchange(HandlerSettings settings, OriginRegistry origins, Telemetry telemetry, InnerSend send)
{
    private ReplayBudget _budget;

    // Of the hop.
    private Hop _hop = null!;
    private RequestToken _token;
    private OriginState? _origin;
    private CallersRequest _callers = null!;
    private bool _isRestored = true;
    private bool _leadsColdStart;
    private bool _isAnswered;

    /// <summary>The nonce of a challenge that was answered: kept back until its replay has its answer.</summary>
    private (string Nonce, long RequestNumber)? _challengeNonce;

    /// <summary>A measured offset that no accepted proof has confirmed yet.</summary>
    private TimeSpan? _unconfirmedOffset;

    // Of the call.
    private RequestBody? _body;
    private Attempt _attempt;
    private Refusal? _refusal;

    private HttpRequestMessage Request => _hop.Request;

    public async ValueTask<HttpResponseMessage> RunAsync(HttpRequestMessage request, bool async, CancellationToken cancellationToken)
    {
        using Activity? exchange = Telemetry.StartExchange(request);
        HttpResponseMessage? response = null;
        bool isHeld = false;
        try
        {
            isHeld = RequestLease.Take(request);
            _body = RequestBody.Of(request, settings.Bodies);
            Hop? hop = new(request, hasCredentials: true, key: null);
            for (int followed = 0; ; followed++)
            {
                BeginHop(hop);
                if (_origin is { ColdStart.IsOver: false })
                {
                    _leadsColdStart = await _origin.ColdStart.EnterAsync(settings.Time, async, cancellationToken).ConfigureAwait(false);
                }

                if (NeedsProbe())
                {
                    await ProbeAsync(async, cancellationToken).ConfigureAwait(false);
                }

                Replay? replay = null;
                do
                {
                    BeginAttempt(replay);
                    response?.Dispose();
                    response = null;
                    if (_origin is not null)
                    {
                        SetProof(async && !_hop.Key!.SignsInProcess ? await ProveAsync(Request, cancellationToken).ConfigureAwait(false) : Prove(Request));
                    }

                    using Activity? span = Telemetry.StartReplay(_attempt.Reason);
                    try
                    {
                        response = await send(Request, async, cancellationToken).ConfigureAwait(false);
                    }
                    catch (OperationCanceledException exception) when (IsLostConnection(exception, cancellationToken))
                    {
                        throw new HttpRequestException("The connection was lost before the server answered.", exception);
                    }
                    finally
                    {
                        EndAttempt(response);
                    }

                    replay = MayBeReplayed(response) ? await DecideAsync(response, async, cancellationToken).ConfigureAwait(false) : null;
                }
                while (replay is not null);

                Learn(response);
                hop = followed < settings.RedirectLimit ? Follow(response) : null;
                EndHop();
                if (hop is null)
                {
                    return response;
                }

                response.Dispose();
                response = null;
            }
        }
        catch (Exception exception)
        {
            response?.Dispose();
            if (exception is DpopException notSent)
            {
                telemetry.NotSent(request, notSent);
            }

            throw;
        }
        finally
        {
            if (isHeld)
            {
                EndHop();
                _body?.Dispose();
                RequestLease.Release(request);
            }
        }
    }

    private void BeginHop(Hop hop)
    {
        _hop = hop;
        _origin = null;
        _isAnswered = _leadsColdStart = false;
        _budget.BeginHop();
        Request.Headers.Remove(DpopScheme.ProofHeader);
        _token = hop.HasCredentials ? ReadToken(hop) : default;
        if (_token.Field is { } field)
        {
            AuthorizationField.Replace(Request.Headers, field);
        }

        // After the token: a field that is an object is printed by each look at all headers.
        _callers = new CallersRequest(Request, settings.Primary.IsPlatformsAndDirect);
        _isRestored = false;
        if (_token.WantsProof)
        {
            _origin = origins[Origin.Of(Request)];
        }
    }

    private RequestToken ReadToken(Hop hop)
    {
        settings.Guard.Check(hop.Uri, settings.Primary);
        return settings.Tokens.Read(Request.Headers, hop.Key ??= Request.GetDpopKey() ?? settings.Client.Key);
    }

    /// <summary>Puts body and token on the request for the next attempt, and decides what its proof will have.</summary>
    private void BeginAttempt(Replay? replay)
    {
        _refusal = null;
        _isRestored = false;
        _body?.Prepare(_origin, isReplay: replay is not null);
        if (_token.Field is { } field)
        {
            AuthorizationField.Set(Request.Headers, field);
        }

        _attempt = default;
        if (_origin is not null)
        {
            _unconfirmedOffset = replay is { Reason: ReplayReason.Clock } ? replay.ClockOffset : _unconfirmedOffset;
            _attempt = new Attempt(
                replay?.Reason ?? ReplayReason.None,
                replay is null ? _origin.Choose(_hop.Key!.Thumbprint, _token.Token is not null) : new NonceChoice(replay.Nonce),
                _unconfirmedOffset ?? (settings.LearnsClockOffset ? _origin.Clock.Offset(settings.Time) : TimeSpan.Zero),
                _origin.NextRequestNumber(),
                _body is { HasExpectationOfOurs: true },
                TokenRenewal.IsPossible(Request, _token));
        }

        _body?.NoteSent();
    }

    private string Prove(HttpRequestMessage request)
    {
        long began = telemetry.BeginProof();
        string proof = settings.Proofs.Create(_hop.Key!, request, TargetAuthority(), _token.Token?.Hash, _attempt.Nonce.Value, _attempt.ClockOffset);
        telemetry.Proved(request, began);
        return proof;
    }

    private async ValueTask<string> ProveAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        long began = telemetry.BeginProof();
        string proof = await settings.Proofs.CreateAsync(
            _hop.Key!, request, TargetAuthority(), _token.Token?.Hash, _attempt.Nonce.Value, _attempt.ClockOffset, cancellationToken).ConfigureAwait(false);
        telemetry.Proved(request, began);
        return proof;
    }

    private string TargetAuthority() => _origin!.TargetAuthority ??= TargetUri.AuthorityOf(Request);

    private void SetProof(string proof) => Request.Headers.TryAddWithoutValidation(DpopScheme.ProofHeader, proof);

    /// <summary>The stack reports a stream that is lost while a 100-continue is awaited as cancelled, which nobody asked for. A time-out of its own is told apart.</summary>
    private bool IsLostConnection(OperationCanceledException exception, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && settings.Primary.IsPlatformsAndDirect && exception.InnerException is not TimeoutException;

    /// <summary>Takes off what the attempt had put on the request, and what handlers below did. A request that was sent elsewhere stays as they left it.</summary>
    private void EndAttempt(HttpResponseMessage? response)
    {
        RestoreRequest();
        if (response is null)
        {
            telemetry.ReplayFailed(Request, _attempt.Reason);
        }
        else if (_origin is not null)
        {
            _body?.NoteAnswered(_origin, response);
        }
    }

    private void RestoreRequest()
    {
        Request.Headers.Remove(DpopScheme.ProofHeader);
        if (ReferenceEquals(Request.RequestUri, _hop.Uri))
        {
            _callers.Restore();
            if (_hop.HasCredentials)
            {
                AuthorizationField.Set(Request.Headers, _token.CallersField);
            }
        }

        _isRestored = true;
    }

    private bool MayBeReplayed(HttpResponseMessage response) =>
        _origin is not null && ReplayDecision.MayBeRefusal(response.StatusCode) && !_hop.WasRedirectedBelow(response);

    private async ValueTask<Replay?> DecideAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        _refusal = await ReadRefusalAsync(response, async, cancellationToken).ConfigureAwait(false);
        if (ReplayDecision.AsksForNonce(_refusal, _attempt))
        {
            _origin!.Note(_attempt.Nonce, _token.Token is not null, wasRefused: true);
        }

        if (ReplayDecision.Decide(_refusal, _attempt, _budget) is not { } replay)
        {
            return null;
        }

        if (_body is not null && !_body.TryRecall())
        {
            telemetry.CannotReplay(Request, replay);
            _unconfirmedOffset = replay.Reason == ReplayReason.Clock ? replay.ClockOffset : _unconfirmedOffset;
            return null;
        }

        _budget.Spend(replay.Reason);
        if (replay.Reason == ReplayReason.Token && !await RenewTokenAsync(async, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        Accept(replay);
        return replay;
    }

    private async ValueTask<Refusal> ReadRefusalAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        string? nonce = Nonce.Read(response.Headers);
        TimeSpan? offset = settings.LearnsClockOffset
            ? ClockOffset.Measure(response, settings.Time.GetUtcNow(), _attempt.ClockOffset)
            : null;

        // The body only matters where another proof could cure what it says.
        bool readsBody = (nonce is not null && nonce != _attempt.Nonce.Value) || offset is not null;
        IReadOnlyList<RefusalError> errors = await RefusalReader.ReadErrorsAsync(response, readsBody, settings.Time, async, cancellationToken).ConfigureAwait(false);
        return new Refusal(response.StatusCode, nonce, offset, errors);
    }

    private async ValueTask<bool> RenewTokenAsync(bool async, CancellationToken cancellationToken)
    {
        // The server that the token comes from may be this one, and want the same nonce. It has answered: nobody needs to wait for this request.
        LearnChallengeNonce();
        if (_refusal!.Nonce is { } nonce)
        {
            LearnNonce(nonce, _attempt.RequestNumber);
        }

        _origin!.ColdStart.End();
        if (await TokenRenewal.TryRenewAsync(Request, _token.Token!.Value, async, cancellationToken).ConfigureAwait(false) is not { } renewed)
        {
            return false;
        }

        _token = settings.Tokens.Renew(_token, renewed, _hop.Key!);
        return true;
    }

    private void Accept(Replay replay)
    {
        telemetry.Challenged(Request, replay);
        CountReplay();
        if (replay.Reason == ReplayReason.Expectation)
        {
            _origin!.Expect.NoteSilence(Request.Version, settings.Time);
        }

        if (_refusal!.Nonce is { } nonce)
        {
            // Kept back: a server that takes each nonce once would refuse it if another request had used it before the replay.
            _challengeNonce = (nonce, _attempt.RequestNumber);
        }
    }

    /// <summary>The answer is the caller's; what it teaches is ours.</summary>
    private void Learn(HttpResponseMessage response)
    {
        if (_origin is null)
        {
            return;
        }

        if (_hop.WasRedirectedBelow(response))
        {
            telemetry.RedirectedBelow(_hop.Uri, _origin);
            return;
        }

        _isAnswered = true;
        CountReplay();
        if (Nonce.Read(response.Headers) is { } nonce)
        {
            LearnNonce(nonce, _attempt.RequestNumber);
        }

        if (_refusal is null)
        {
            _origin.Note(_attempt.Nonce, _token.Token is not null, wasRefused: false);
        }
        else
        {
            ReportRefusal(response, _refusal);
        }

        LearnClock();
    }

    private void ReportRefusal(HttpResponseMessage response, Refusal refusal) => telemetry.HandedBack(
        new HandedBackRefusal(_hop.Uri, response, refusal, _attempt, _token, _hop.Key!, settings.Time.GetUtcNow()), _origin!);

    /// <summary>An offset is kept when a proof by it was accepted, or when that could not be tried; one that a refused proof followed is dropped.</summary>
    private void LearnClock()
    {
        bool isUntried = _unconfirmedOffset is { } offset && offset != _attempt.ClockOffset;
        if (_unconfirmedOffset is { } measured && (_refusal is null || isUntried))
        {
            _origin!.Clock.Learn(measured, settings.Time);
            telemetry.ClockLearnt(Request, measured);
        }
        else if (_refusal?.ClockOffset is not null && _attempt.ClockOffset != TimeSpan.Zero)
        {
            _origin!.Clock.Forget();
        }
    }

    private void LearnChallengeNonce()
    {
        if (_challengeNonce is { } challenge)
        {
            _challengeNonce = null;
            _origin!.Learn(challenge.Nonce, _hop.Key!.Thumbprint, _token.Token is not null, challenge.RequestNumber, wasUsed: _isAnswered && _refusal is null);
        }
    }

    private void LearnNonce(string nonce, long requestNumber) => _origin!.Learn(nonce, _hop.Key!.Thumbprint, _token.Token is not null, requestNumber);

    private void CountReplay()
    {
        if (_attempt.Reason != ReplayReason.None)
        {
            bool isRefused = _refusal is not null && ReplayDecision.RefusesAgain(_refusal, _attempt);
            telemetry.Replayed(Request, _attempt.Reason, isRefused ? ReplayOutcome.Refused : _refusal is null ? ReplayOutcome.Accepted : ReplayOutcome.RefusedOtherwise);
        }
    }

    /// <summary>The next hop, or null where HttpClient would not follow, or could not send the body again.</summary>
    private Hop? Follow(HttpResponseMessage response)
    {
        if (_hop.WasRedirectedBelow(response) || Redirection.TargetOf(response, _hop.Uri) is not { } target)
        {
            return null;
        }

        bool movesBody = _body is not null && _hop.KeepsBody(response);
        if (movesBody && !_body!.TryRecall())
        {
            return null;
        }

        Hop next = _hop.Next(response, target);
        if (next.HasCredentials && _token.Field is { } field)
        {
            // The token that this hop ended with, which may have come in place of the caller's.
            AuthorizationField.Set(next.Request.Headers, field);
        }

        if (movesBody)
        {
            _body!.MoveTo(next.Request);
        }
        else
        {
            _body?.Dispose();
            _body = null;
        }

        return next;
    }

    /// <summary>Only now may other requests go: they take along what was learnt.</summary>
    private void EndHop()
    {
        if (!_isRestored)
        {
            RestoreRequest();
        }

        if (_origin is null)
        {
            return;
        }

        LearnChallengeNonce();
        if (_isAnswered)
        {
            _origin.ColdStart.End();
        }
        else if (_leadsColdStart)
        {
            _origin.ColdStart.LetNextLead();
        }

        _origin = null;
    }

    private bool NeedsProbe() =>
        settings.ProbesBeforeUpload && _origin is { HasFreshNonce: false } && _body is { IsLong: true };

    /// <summary>Asks for the nonce with a request that has no body, so that a long one is not sent in vain.</summary>
    private async ValueTask ProbeAsync(bool async, CancellationToken cancellationToken)
    {
        using HttpRequestMessage probe = _hop.Copy(HttpMethod.Head, _hop.Uri, sameOrigin: true);
        if (_token.Field is { } field)
        {
            AuthorizationField.Set(probe.Headers, field);
        }

        _attempt = new Attempt(
            ReplayReason.None, _origin!.Choose(_hop.Key!.Thumbprint, _token.Token is not null), _origin.Clock.Offset(settings.Time), _origin.NextRequestNumber(), false, false);
        string proof = async && !_hop.Key.SignsInProcess ? await ProveAsync(probe, cancellationToken).ConfigureAwait(false) : Prove(probe);
        probe.Headers.TryAddWithoutValidation(DpopScheme.ProofHeader, proof);
        using HttpResponseMessage response = await send(probe, async, cancellationToken).ConfigureAwait(false);
        if (Nonce.Read(response.Headers) is { } nonce && ReferenceEquals(probe.RequestUri, _hop.Uri))
        {
            LearnNonce(nonce, _attempt.RequestNumber);
        }
    }
}
