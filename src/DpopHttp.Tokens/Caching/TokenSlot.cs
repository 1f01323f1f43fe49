using DpopHttp.Shared;
using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Diagnostics;
using DpopHttp.Tokens.Grants;
using DpopHttp.Tokens.PerRequest;
using DpopHttp.Tokens.Waiting;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Caching;

/// <summary>
/// The token of one client and key, for one combination of parameters: one request for it at a time however many wait, and the next one fetched before it expires.
/// </summary>
internal sealed class TokenSlot(Func<Grant> grant, DpopKey key, TokenParameters parameters, SharedTokenCache shared, TimeProvider time, ILogger logger)
{
    /// <summary>After a renewal that failed while the token is still good, or that did not help.</summary>
    private static readonly TimeSpan PauseLength = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Pause _pause = new(time);
    private IssuedToken? _current;
    private Task<IssuedToken>? _renewal;

    /// <summary>The last token that came in place of a refused one.</summary>
    private IssuedToken? _replacement;

    /// <exception cref="DpopException">There is none, and none can be had.</exception>
    public ValueTask<IssuedToken> GetAsync(CancellationToken cancellationToken)
    {
        IssuedToken? current = Volatile.Read(ref _current);
        DateTimeOffset now = time.GetUtcNow();
        if (current is null || now >= current.ExpiresAt)
        {
            return new(Renew(current).WaitAsync(cancellationToken));
        }

        if (now < current.RenewAt || !_pause.IsOver)
        {
            return new(current);
        }

        Task<IssuedToken> renewal = Renew(current);
        return now < current.UsableUntil ? new(current) : new(RenewedOr(current, renewal, cancellationToken));
    }

    /// <summary>Another token than one that was refused, bound to the same key; null if none can be had, so that the refusal stands.</summary>
    public async ValueTask<string?> ReplaceAsync(IssuedToken refused, CancellationToken cancellationToken)
    {
        // Whatever is wrong there or here, another token does not help or cannot be had: each call would cost a token request.
        IssuedToken? current = Volatile.Read(ref _current);
        bool isCurrent = ReferenceEquals(current, refused);
        if (isCurrent && (!_pause.IsOver || (ReferenceEquals(refused, Volatile.Read(ref _replacement)) && IsNew(refused) && !refused.IsFromCache)))
        {
            Log.ReplacementPaused(logger, grant().Client);
            return null;
        }

        try
        {
            IssuedToken other = isCurrent
                ? await Renew(current, mayBeShared: !refused.IsFromCache).WaitAsync(cancellationToken).ConfigureAwait(false)
                : await GetAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _replacement, other);
            return ReferenceEquals(other.Key, refused.Key) && other.IsBound == refused.IsBound ? other.Value : null;
        }
        catch (DpopException exception)
        {
            Log.ReplacementFailed(logger, exception, grant().Client);
            return null;
        }
    }

    /// <summary>Not where it is of the future: then the clock was set back. Nor where it has come to its end on the way: then another one helps.</summary>
    private bool IsNew(IssuedToken token) =>
        time.GetUtcNow() is var now && now - token.ObtainedAt is var age && age >= TimeSpan.Zero && age < PauseLength && now < token.UsableUntil;

    /// <summary>The next token, or the one that is at its end if the next cannot be had, or does not come while the old one is still good.</summary>
    private async Task<IssuedToken> RenewedOr(IssuedToken old, Task<IssuedToken> renewal, CancellationToken cancellationToken)
    {
        TimeSpan left = old.ExpiresAt - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            await ((Task)renewal.WaitAsync(left / 2, time, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !renewal.IsCompletedSuccessfully && !cancellationToken.IsCancellationRequested && time.GetUtcNow() < old.ExpiresAt
            ? old
            : await renewal.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The renewal that is under way, or a new one. It belongs to all who wait: none of them can cancel it. In place of a token from the cache that was
    /// refused the cache may have the next one that will be: then it comes from the server.
    /// </summary>
    private Task<IssuedToken> Renew(IssuedToken? old, bool mayBeShared = true)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_current, old))
            {
                return Task.FromResult(_current!);
            }

            return _renewal ??= SharedWork.Begin(() => RenewAsync(old, mayBeShared));
        }
    }

    private async Task<IssuedToken> RenewAsync(IssuedToken? old, bool mayBeShared)
    {
        // The options may change meanwhile: a token is kept under the name of those that it was asked for with.
        Grant current = grant();
        IssuedToken? renewed = null;
        try
        {
            IssuedToken? found = mayBeShared ? await FindSharedAsync(current, old).ConfigureAwait(false) : null;
            return renewed = found is not null && time.GetUtcNow() < found.RenewAt
                ? found
                : await RequestAsync(current, found).ConfigureAwait(false);
        }
        catch (Exception exception) when (old is not null && time.GetUtcNow() < old.ExpiresAt)
        {
            // The next call tries again, but not each of them.
            _pause.Begin(PauseLength);
            Log.RenewalFailed(logger, exception, current.Client, old.ExpiresAt);
            throw;
        }
        finally
        {
            lock (_lock)
            {
                _current = renewed ?? _current;
                _renewal = null;
            }
        }
    }

    /// <summary>A token that another instance got, if it is another than the one we have.</summary>
    private async Task<IssuedToken?> FindSharedAsync(Grant current, IssuedToken? old) =>
        current.SharedEntry(key, parameters) is { } entry
        && await shared.FindAsync(entry, key).ConfigureAwait(false) is { } found
        && found.Value != old?.Value
        && time.GetUtcNow() < found.UsableUntil
            ? found
            : null;

    private async Task<IssuedToken> RequestAsync(Grant current, IssuedToken? fallback)
    {
        try
        {
            return await RequestAsync(current).ConfigureAwait(false);
        }
        catch (DpopException exception) when (fallback is not null)
        {
            Log.RenewalFailed(logger, exception, current.Client, fallback.ExpiresAt);
            return fallback;
        }
    }

    private async Task<IssuedToken> RequestAsync(Grant current)
    {
        IssuedToken issued = await current.RequestAsync(key, parameters, CancellationToken.None).ConfigureAwait(false);
        Log.TokenObtained(logger, current.Client, issued.Key.Thumbprint, issued.ExpiresAt);
        if (issued.IsBound && current.SharedEntry(key, parameters) is { } entry)
        {
            await shared.KeepAsync(entry, issued).ConfigureAwait(false);
        }

        return issued;
    }
}
