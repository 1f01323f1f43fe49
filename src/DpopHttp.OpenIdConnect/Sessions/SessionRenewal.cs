using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DpopHttp.OpenIdConnect.Diagnostics;
using DpopHttp.OpenIdConnect.Endpoint;
using DpopHttp.OpenIdConnect.Errors;
using DpopHttp.Shared;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>Renews tokens: one request per session at a time however many wait for it. It belongs to none of them, so that none can end it.</summary>
internal sealed class SessionRenewal(SessionShelf shelf, ServerEndpoints endpoints, SessionRevocation revocation, TimeProvider time, ILogger logger)
{
    /// <summary>After a server that failed; one that says how long is left alone for that long.</summary>
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(5);

    /// <summary>After a server that doesn't know the app: an operator has to do something.</summary>
    private static readonly TimeSpan ClientPause = TimeSpan.FromSeconds(30);

    /// <summary>For the lock, the request and the store together.</summary>
    private static readonly TimeSpan LongestRenewal = TimeSpan.FromSeconds(60), LongestSave = TimeSpan.FromSeconds(15);

    /// <summary>The one error that is about the refresh token (RFC 6749 section 5.2).</summary>
    private const string InvalidGrant = "invalid_grant";

    /// <summary>These pass by themselves.</summary>
    private static readonly string[] PassingErrors = ["use_dpop_nonce", "temporarily_unavailable", "server_error", "slow_down"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<LiveSession>> _underWay = new(StringComparer.Ordinal);

    /// <summary>Renewed sessions that the store didn't take. Their former refresh tokens are used up.</summary>
    private readonly ConcurrentDictionary<string, UnsavedSession> _unsaved = new(StringComparer.Ordinal);

    /// <summary>Why the server as a whole can't be asked, and until when.</summary>
    private RenewalFailure? _outage;

    /// <summary>The renewal of the session that is under way, or a new one.</summary>
    public Task<LiveSession> Start(LiveSession seen)
    {
        string id = seen.Record.Id;
        lock (_lock)
        {
            if (_underWay.TryGetValue(id, out Task<LiveSession>? task))
            {
                return task;
            }

            // Neither the request that is the first to want it, nor its user, nor its trace are to go with it.
            using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
            {
                task = SharedWork.Begin(() => RunAsync(seen));
            }

            return _underWay[id] = task;
        }
    }

    /// <summary>Ends a session while none of its renewals is under way, and none can begin: whoever wants one is told that the session is gone.</summary>
    /// <returns>What it was in the end, or null if there was none or it can't be known.</returns>
    public async Task<LiveSession?> EndAsync(string id)
    {
        TaskCompletionSource<LiveSession> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            Task<LiveSession>? task;
            lock (_lock)
            {
                if (!_underWay.TryGetValue(id, out task))
                {
                    _underWay[id] = ended.Task;
                    break;
                }
            }

            await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            LiveSession? last = await shelf.EndAsync(id).ConfigureAwait(false);
            return _unsaved.TryGetValue(id, out UnsavedSession? unsaved) && (last is null || unsaved.Follows(last.Record))
                ? new LiveSession(unsaved.Record, unsaved.Key, time.GetTimestamp())
                : last;
        }
        finally
        {
            // While no renewal can begin, which would save it.
            _unsaved.TryRemove(id, out _);
            lock (_lock)
            {
                _underWay.Remove(id);
            }

            ended.SetException(SessionErrors.Gone(endpoints.Scheme));
            _ = ended.Task.Exception;
        }
    }

    private async Task<LiveSession> RunAsync(LiveSession seen)
    {
        try
        {
            using CancellationTokenSource timeout = new(LongestRenewal, time);
            return await RenewAsync(seen, timeout.Token).ConfigureAwait(false);
        }
        catch (DpopTokenException exception)
        {
            Note(seen, exception);
            Log.NotRenewed(logger, endpoints.Scheme, exception.Message);
            throw;
        }
        catch (Exception exception)
        {
            DpopTokenException outage = SessionErrors.Unavailable(endpoints.Scheme, exception.Message.TrimEnd('.'), exception);
            Note(seen, outage);
            Log.NotRenewed(logger, endpoints.Scheme, outage.Message);
            throw outage;
        }
        finally
        {
            lock (_lock)
            {
                _underWay.Remove(seen.Record.Id);
            }
        }
    }

    /// <summary>For all who come with the session, unless a longer pause was noted on the way. That a user must sign in needs none: nothing is asked for then.</summary>
    private void Note(LiveSession seen, DpopTokenException exception)
    {
        LiveSession session = shelf.Latest(seen);
        if (exception is not DpopSignInRequiredException && session.Failure is not { IsOver: false })
        {
            session.Failure = new RenewalFailure(exception, OutagePause, time);
        }
    }

    private async Task<LiveSession> RenewAsync(LiveSession seen, CancellationToken cancellationToken)
    {
        string id = seen.Record.Id;
        SessionLock taken = await shelf.LockAsync(id, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable held = taken.ConfigureAwait(false);

        // Another instance, or a renewal that has just ended, may have been first: its refresh token is the one that is good.
        LiveSession current = await shelf.ReadAsync(id, cancellationToken).ConfigureAwait(false) ?? throw SessionErrors.Gone(endpoints.Scheme);
        if (_unsaved.TryGetValue(id, out UnsavedSession? unsaved))
        {
            current = unsaved.Follows(current.Record) ? await shelf.SaveAsync(unsaved.Record, unsaved.Key, cancellationToken).ConfigureAwait(false) : current;
            _unsaved.TryRemove(id, out _);
        }

        RequireGood(current);
        if (current.Record.AccessToken != seen.Record.AccessToken && time.GetUtcNow() < current.RenewAt)
        {
            return current;
        }

        return await RequestAsync(current, cancellationToken).ConfigureAwait(false);
    }

    private async Task<LiveSession> RequestAsync(LiveSession session, CancellationToken cancellationToken)
    {
        SessionRecord record = session.Record;
        if (record.RefreshToken is not { } refreshToken)
        {
            throw SessionErrors.NotRenewable(endpoints.Scheme, record.ExpiresAt);
        }

        if (Volatile.Read(ref _outage) is { IsOver: false } outage)
        {
            session.Failure = outage;
            throw SessionErrors.StillUnavailable(outage.Exception, outage.Left);
        }

        RenewalAnswer answer = await AskAsync(refreshToken, session, cancellationToken).ConfigureAwait(false);
        if (answer.AccessToken is { } token)
        {
            SessionRecord renewed = record with
            {
                AccessToken = token,
                ObtainedAt = answer.ObtainedAt,
                ExpiresAt = answer.ExpiresAt,
                RefreshToken = answer.RefreshToken ?? refreshToken,
                IdToken = answer.IdToken ?? record.IdToken,
            };
            LiveSession next = await SaveAsync(session, renewed).ConfigureAwait(false);
            Log.Renewed(logger, endpoints.Scheme, session.Key.Thumbprint, renewed.ExpiresAt);
            return next;
        }

        if (answer.RefreshToken is { } rotated && rotated != refreshToken)
        {
            session = await SaveAsync(session, record with { RefreshToken = rotated }).ConfigureAwait(false);
        }

        if (answer.NotBound is { } notBound)
        {
            throw notBound;
        }

        if (answer.Error is { } error)
        {
            return await RefuseAsync(session, error, answer.ErrorDescription, cancellationToken).ConfigureAwait(false);
        }

        DpopTokenException failure = SessionErrors.Unavailable(endpoints.Scheme, answer.Fault!, cause: null);
        session.Failure = new RenewalFailure(failure, answer.RetryAfter ?? OutagePause, time);
        if (answer.RetryAfter is { } wait)
        {
            Volatile.Write(ref _outage, new RenewalFailure(failure, wait, time));
        }

        throw failure;
    }

    private async Task<RenewalAnswer> AskAsync(string refreshToken, LiveSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await endpoints.RenewAsync(refreshToken, session.Key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not DpopException)
        {
            // A server that can't be reached can't be reached for anybody.
            DpopTokenException failure = SessionErrors.Unavailable(endpoints.Scheme, exception.Message.TrimEnd('.'), exception);
            session.Failure = new RenewalFailure(failure, OutagePause, time);
            Volatile.Write(ref _outage, new RenewalFailure(failure, OutagePause, time));
            throw failure;
        }
    }

    /// <summary>The former refresh token is used up: what the store doesn't take now is kept here until it does, and nobody gets it before.</summary>
    private async Task<LiveSession> SaveAsync(LiveSession former, SessionRecord renewed)
    {
        _unsaved[renewed.Id] = new UnsavedSession(renewed, former.Key, former.Record.AccessToken);
        using CancellationTokenSource timeout = new(LongestSave, time);
        if (await shelf.ReadAsync(renewed.Id, timeout.Token).ConfigureAwait(false) is null)
        {
            // The user has signed out at another instance, which didn't get the lock, or where there is none.
            _unsaved.TryRemove(renewed.Id, out _);
            await revocation.RevokeAsync(renewed, former.Key).ConfigureAwait(false);
            throw SessionErrors.Gone(endpoints.Scheme);
        }

        LiveSession saved = await shelf.SaveAsync(renewed, former.Key, timeout.Token).ConfigureAwait(false);
        _unsaved.TryRemove(renewed.Id, out _);
        return saved;
    }

    /// <summary>A refusal stands unless another instance has renewed the session meanwhile: then this one asked with a refresh token that is used up.</summary>
    private async Task<LiveSession> RefuseAsync(LiveSession session, string error, string? description, CancellationToken cancellationToken)
    {
        if (error != InvalidGrant)
        {
            bool passes = PassingErrors.Contains(error);
            DpopTokenException failure = passes
                ? SessionErrors.Busy(endpoints.Scheme, error, description)
                : SessionErrors.ClientRefused(endpoints.Scheme, error, description);
            session.Failure = new RenewalFailure(failure, passes ? OutagePause : ClientPause, time);
            throw failure;
        }

        LiveSession stored = await shelf.ReadAsync(session.Record.Id, cancellationToken).ConfigureAwait(false) ?? throw SessionErrors.Gone(endpoints.Scheme);
        RequireGood(stored);
        if (stored.Record.AccessToken != session.Record.AccessToken)
        {
            return stored;
        }

        await shelf.SaveAsync(session.Record with { Refused = error, RefusedDescription = description }, session.Key, cancellationToken).ConfigureAwait(false);
        throw SessionErrors.Refused(endpoints.Scheme, error, description);
    }

    private void RequireGood(LiveSession session)
    {
        if (session.Record.Refused is { } refused)
        {
            throw SessionErrors.Refused(endpoints.Scheme, refused, session.Record.RefusedDescription);
        }
    }
}
