using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using DpopHttp.OpenIdConnect.Diagnostics;
using DpopHttp.OpenIdConnect.Errors;
using DpopHttp.OpenIdConnect.Stores;
using DpopHttp.Shared;
using DpopHttp.Tokens.Waiting;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Sessions;

/// <summary>Reads and writes sessions: those that were used last from memory, all from the store.</summary>
internal sealed class SessionShelf(
    string scheme, LateStore store, SessionSeal seal, Func<string, DpopKey?> findKey, Func<DpopOpenIdConnectOptions> options, TimeProvider time, ILogger logger)
{
    /// <summary>What no log may show.</summary>
    public const string Secret = "session's identifier";

    /// <summary>Each takes 3 to 5 KB here.</summary>
    private const int LargestNumberInMemory = 10_000;

    /// <summary>So much later at most, an instance learns that a user signed out at another one.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    /// <summary>After the store couldn't be read: a request with a session that is known doesn't wait for that again.</summary>
    private static readonly TimeSpan RestLength = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestLockWait = TimeSpan.FromSeconds(30);

    /// <summary>For each step of a sign-out.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(10);

    private readonly Pause _rest = new(time);
    private readonly LiveSessions _live = new(LargestNumberInMemory, time);

    /// <summary>Sessions that have ended and that the store still has.</summary>
    private readonly ConcurrentDictionary<string, byte> _notRemoved = new(StringComparer.Ordinal);

    /// <summary>How many sessions have ended here, or are about to.</summary>
    private int _endings;

    private int _saidThatThereIsNoLock;

    /// <summary>The session, or null if there is none.</summary>
    /// <exception cref="DpopTokenException">It can't be read at this time, or its key is gone.</exception>
    public async ValueTask<LiveSession?> FindAsync(string id, CancellationToken cancellationToken)
    {
        bool isKnown = _live.TryGet(id, out LiveSession? known);
        if (isKnown && (time.GetElapsedTime(known!.ReadAt) < Freshness || !_rest.IsOver))
        {
            return known;
        }

        try
        {
            return await ReadAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (DpopTokenException exception) when (isKnown && exception is not DpopSignInRequiredException)
        {
            return known;
        }
    }

    /// <summary>The session as those who come now find it in memory.</summary>
    public LiveSession Latest(LiveSession seen) => _live.TryGet(seen.Record.Id, out LiveSession? latest) ? latest : seen;

    /// <summary>What the store has, whatever is known here.</summary>
    /// <exception cref="DpopTokenException">It can't be read at this time, or its key is gone.</exception>
    public async ValueTask<LiveSession?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        int endings = Volatile.Read(ref _endings);
        if (_notRemoved.ContainsKey(id))
        {
            await RemoveAsync(id).ConfigureAwait(false);
            return null;
        }

        byte[]? content;
        try
        {
            content = await store.Value.LoadAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            _rest.Begin(RestLength);
            throw Failed("the session store failed", id, exception);
        }

        if (content is null || seal.Unprotect(id, content) is not { } record)
        {
            _live.Remove(id);
            return null;
        }

        // The same session read again: what was found out about it is still true, and the key needn't be imported anew.
        LiveSession? known = _live.TryGet(id, out LiveSession? before) ? before : null;
        DpopKey key = known?.Key.Thumbprint == record.Thumbprint ? known.Key : KeyOf(record);
        LiveSession session = _live.Set(new LiveSession(record, key, time.GetTimestamp())
        {
            Failure = known?.Record.AccessToken == record.AccessToken ? known.Failure : null,
        });
        if (endings != Volatile.Read(ref _endings))
        {
            // It may be this one that has ended since it was read: those who come later read again.
            _live.Remove(id);
        }

        return session;
    }

    /// <summary>Saves a session; from then on it is what everybody gets.</summary>
    /// <exception cref="DpopTokenException">The store failed, and nobody gets it.</exception>
    public async Task<LiveSession> SaveAsync(SessionRecord record, DpopKey key, CancellationToken cancellationToken)
    {
        try
        {
            await store.Value.SaveAsync(record.Id, seal.Protect(record), options().SessionLifetime, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not DpopException)
        {
            throw Failed("the session store failed", record.Id, exception);
        }

        return _live.Set(new LiveSession(record, key, time.GetTimestamp()));
    }

    /// <summary>Takes the lock that instances share, if the store has one.</summary>
    /// <exception cref="DpopTokenException">The lock can't be had.</exception>
    public async ValueTask<SessionLock> LockAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            using CancellationTokenSource timeout = new(LongestLockWait, time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            IAsyncDisposable? taken = await store.Value.LockAsync(id, either.Token).ConfigureAwait(false);
            if (taken is null && store.Value is not MemorySessionStore && Interlocked.Exchange(ref _saidThatThereIsNoLock, 1) == 0)
            {
                Log.NoLock(logger, scheme);
            }

            return new SessionLock(taken, scheme, id, logger);
        }
        catch (Exception exception)
        {
            throw Failed("the lock of the session store could not be had", id, exception);
        }
    }

    /// <summary>Removes a session, whatever fails on the way; what it was in the end, or null if there was none or it can't be known.</summary>
    public async Task<LiveSession?> EndAsync(string id)
    {
        LiveSession? known = _live.TryGet(id, out LiveSession? live) ? live : null;
        SessionLock? taken = await TryAsync(() => LockAsync(id, CancellationToken.None), null).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable held = (taken ?? new SessionLock(null, scheme, id, logger)).ConfigureAwait(false);
        using CancellationTokenSource timeout = new(LongestStep, time);
        LiveSession? ended = await TryAsync(() => ReadAsync(id, timeout.Token), known).ConfigureAwait(false);
        await RemoveAsync(id).ConfigureAwait(false);
        return ended;
    }

    private static async Task<T?> TryAsync<T>(Func<ValueTask<T>> step, T? otherwise)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It was logged where it happened, and sign-out goes on.
            return otherwise;
        }
    }

    /// <summary>If the store fails, this process doesn't give the session out any more, and removes it when somebody comes with it again.</summary>
    private async Task RemoveAsync(string id)
    {
        _notRemoved[id] = default;
        Interlocked.Increment(ref _endings);
        _live.Remove(id);
        try
        {
            using CancellationTokenSource timeout = new(LongestStep, time);
            await store.Value.RemoveAsync(id, timeout.Token).ConfigureAwait(false);
            _notRemoved.TryRemove(id, out _);
        }
        catch (Exception exception)
        {
            Log.StoreFailed(logger, StoreFault.Without(id, Secret, exception), scheme);
        }
    }

    private DpopTokenException Failed(string what, string id, Exception exception)
    {
        Exception told = StoreFault.Without(id, Secret, exception);
        Log.StoreFailed(logger, told, scheme);
        return SessionErrors.Unavailable(scheme, what, told);
    }

    private DpopKey KeyOf(SessionRecord record)
    {
        try
        {
            return (record.PrivateJwk is { } jwk ? DpopKey.FromJwk(jwk) : findKey(record.Thumbprint)) ?? throw SessionErrors.KeyGone(scheme, record.Thumbprint);
        }
        catch (CryptographicException)
        {
            throw SessionErrors.KeyGone(scheme, record.Thumbprint);
        }
    }
}
