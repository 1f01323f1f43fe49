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

/// <summary>One call of the caller's and what it takes to get its answer: prove, send, decide, learn; then once more, or to where a redirect leads.</summary>
internal sealed class Exchange(HandlerSettings settings, OriginRegistry origins, Telemetry telemetry, InnerSend send)
{
    private ReplayBudget _budget;
    private RequestBody? _body;

    // Of the hop. There are no lessons where there is no proof.
    private Hop _hop = null!;
    private OutgoingRequest? _outgoing;
    private OriginLessons? _lessons;
    private bool _leadsColdStart;

    // Of the attempt.
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
            if (async && request.GetDpopKey() is null)
            {
                await settings.Client.OpenKeyAsync(cancellationToken).ConfigureAwait(false);
            }

            Hop? hop = new(request, hasCredentials: true, key: null);
            for (int followed = 0; ; followed++)
            {
                BeginHop(hop);
                if (StoresNonce)
                {
                    await StoredNonce().LoadAsync(async, cancellationToken).ConfigureAwait(false);
                }

                if (_lessons is { Origin.ColdStart.IsOver: false })
                {
                    _leadsColdStart = await _lessons.Origin.ColdStart.EnterAsync(settings.Time, async, cancellationToken).ConfigureAwait(false);
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
                    if (_lessons is not null)
                    {
                        _outgoing!.PutProofOn(async && !_hop.Key!.SignsInProcess ? await ProveAsync(Request, cancellationToken).ConfigureAwait(false) : Prove(Request));
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
                if (StoresNonce)
                {
                    await SaveNonceAsync(async, cancellationToken).ConfigureAwait(false);
                }

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
                End(request);
            }
        }
    }

    private void BeginHop(Hop hop)
    {
        _hop = hop;
        _leadsColdStart = false;
        _budget.BeginHop();
        _outgoing = new OutgoingRequest(hop, settings);
        _lessons = _outgoing.Token.WantsProof
            ? new OriginLessons(origins[Origin.Of(Request)], hop.Key!.Thumbprint, _outgoing.HasToken, settings.Time)
            : null;
    }

    /// <summary>Puts body and token on the request for the next attempt, and decides what its proof will have.</summary>
    private void BeginAttempt(Replay? replay)
    {
        _refusal = null;
        _attempt = default;
        _body?.Prepare(_lessons?.Origin, isReplay: replay is not null);
        _outgoing!.PutTokenOn();
        if (_lessons is not null)
        {
            _attempt = new Attempt(
                replay?.Reason ?? ReplayReason.None,
                replay is null ? _lessons.ChooseNonce() : new NonceChoice(replay.Nonce),
                _lessons.ClockOffset(settings.LearnsClockOffset),
                _lessons.Origin.NextRequestNumber(),
                _body is { HasExpectationOfOurs: true },
                TokenRenewal.IsPossible(Request, _outgoing.Token));
        }

        _body?.NoteSent();
    }

    private string Prove(HttpRequestMessage request)
    {
        long began = telemetry.BeginProof();
        string proof = settings.Proofs.Create(_hop.Key!, request, TargetAuthority(), _outgoing!.Token.Token?.Hash, _attempt.Nonce.Value, _attempt.ClockOffset);
        telemetry.Proved(request, began);
        return proof;
    }

    private async ValueTask<string> ProveAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        long began = telemetry.BeginProof();
        string proof = await settings.Proofs.CreateAsync(
            _hop.Key!, request, TargetAuthority(), _outgoing!.Token.Token?.Hash, _attempt.Nonce.Value, _attempt.ClockOffset, cancellationToken).ConfigureAwait(false);
        telemetry.Proved(request, began);
        return proof;
    }

    private string TargetAuthority() => _lessons!.Origin.TargetAuthority ??= TargetUri.AuthorityOf(Request);

    /// <summary>
    /// The stack reports a stream that is lost as cancelled, which nobody asked for, while a 100-continue is awaited and while a content waits for something
    /// else than its stream. A time-out of its own is told apart.
    /// </summary>
    private bool IsLostConnection(OperationCanceledException exception, CancellationToken cancellationToken) =>
        (Request.Headers.ExpectContinue == true || _body is { IsCancelledByStack: true })
        && !cancellationToken.IsCancellationRequested && settings.Primary.IsPlatformsAndDirect && exception.InnerException is not TimeoutException;

    private void EndAttempt(HttpResponseMessage? response)
    {
        _outgoing!.GiveBack();
        if (response is null)
        {
            telemetry.ReplayFailed(Request, _attempt.Reason);
        }
        else if (_lessons is not null)
        {
            _body?.NoteAnswered(_lessons.Origin, response);
        }
    }

    private bool MayBeReplayed(HttpResponseMessage response) =>
        _lessons is not null && ReplayDecision.MayBeRefusal(response.StatusCode) && !_hop.WasRedirectedBelow(response);

    private async ValueTask<Replay?> DecideAsync(HttpResponseMessage response, bool async, CancellationToken cancellationToken)
    {
        _refusal = await ReadRefusalAsync(response, async, cancellationToken).ConfigureAwait(false);
        if (ReplayDecision.AsksForNonce(_refusal, _attempt))
        {
            _lessons!.NoteRefusedNonce(_attempt);
        }

        if (ReplayDecision.Decide(_refusal, _attempt, _budget) is not { } replay)
        {
            return null;
        }

        // First the renewal: a body that was recalled for nothing would take the answer with it.
        string? renewed = null;
        bool needsToken = replay.Reason == ReplayReason.Token;
        if (needsToken && _body is not { CanBeRecalled: false }
            && (renewed = await RenewTokenAsync(async, cancellationToken).ConfigureAwait(false)) is null)
        {
            return null;
        }

        if (_body is not null && !_body.TryRecall())
        {
            telemetry.CannotReplay(Request, replay);
            _lessons!.NoteOffset(replay);
            return null;
        }

        if (needsToken)
        {
            _outgoing!.Token = settings.Tokens.Renew(_outgoing.Token, renewed!, _hop.Key!);
        }

        _budget.Spend(replay.Reason);
        telemetry.Challenged(Request, replay);
        telemetry.Replayed(Request, _refusal, _attempt);
        _lessons!.NoteReplay(replay, _refusal, _attempt, Request);
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

    private ValueTask<string?> RenewTokenAsync(bool async, CancellationToken cancellationToken)
    {
        // The server that the token comes from may be this one, and want the same nonce.
        _lessons!.PassOn(_refusal!, _attempt);
        return TokenRenewal.TryRenewAsync(Request, _outgoing!.Token.Token!.Value, async, cancellationToken);
    }

    /// <summary>The answer is the caller's; what it teaches is ours.</summary>
    private void Learn(HttpResponseMessage response)
    {
        if (_lessons is null)
        {
            return;
        }

        if (_hop.WasRedirectedBelow(response))
        {
            telemetry.RedirectedBelow(_hop.Uri, _lessons.Origin);
            return;
        }

        telemetry.Replayed(Request, _refusal, _attempt);
        if (_lessons.LearnAnswer(response, _refusal, _attempt) is { } offset)
        {
            telemetry.ClockLearnt(Request, offset);
        }

        if (_refusal is not null)
        {
            HandedBackRefusal refusal = new(_hop.Uri, response, _refusal, _attempt, _outgoing!.Token, _hop.Key!, settings.Time.GetUtcNow());
            telemetry.HandedBack(refusal, _lessons.Origin);
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
        if (next.HasCredentials && _outgoing!.Token.Field is { } field)
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

    private void EndHop()
    {
        _outgoing?.GiveBack();
        _lessons?.End(_leadsColdStart);
        _lessons = null;
    }

    /// <summary>Whatever becomes of what the request is given back, it is not held any longer.</summary>
    private void End(HttpRequestMessage request)
    {
        try
        {
            EndHop();
            _body?.Dispose();
        }
        finally
        {
            RequestLease.Release(request);
        }
    }

    private bool StoresNonce => _lessons is not null && settings.NonceStore is not null;

    private ValueTask SaveNonceAsync(bool async, CancellationToken cancellationToken)
    {
        // Nobody else waits for the store.
        _lessons!.End(_leadsColdStart);
        _leadsColdStart = false;
        return StoredNonce().SaveAsync(async, cancellationToken);
    }

    private StoredNonce StoredNonce() => _lessons!.StoredIn(settings.NonceStore!, Request, telemetry);

    private bool NeedsProbe() =>
        settings.ProbesBeforeUpload && _lessons is { Origin.HasFreshNonce: false } && _body is { IsLong: true };

    /// <summary>Asks for the nonce with a request that has no body, so that a long one is not sent in vain.</summary>
    private async ValueTask ProbeAsync(bool async, CancellationToken cancellationToken)
    {
        _attempt = new Attempt(
            ReplayReason.None, _lessons!.ChooseNonce(), _lessons.ClockOffset(settings.LearnsClockOffset), _lessons.Origin.NextRequestNumber(), false, false);
        using HttpRequestMessage probe = _hop.CopyWithoutBody(HttpMethod.Head, _hop.Uri, sameOrigin: true);
        string proof = async && !_hop.Key!.SignsInProcess ? await ProveAsync(probe, cancellationToken).ConfigureAwait(false) : Prove(probe);
        probe.Headers.TryAddWithoutValidation(DpopScheme.ProofHeader, proof);
        using HttpResponseMessage response = await send(probe, async, cancellationToken).ConfigureAwait(false);
        if (Nonce.Read(response.Headers) is { } nonce && ReferenceEquals(probe.RequestUri, _hop.Uri))
        {
            _lessons.LearnNonce(nonce, _attempt);
        }
    }
}
