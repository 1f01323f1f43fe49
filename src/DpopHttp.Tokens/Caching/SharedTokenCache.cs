using System.Runtime.CompilerServices;
using System.Text.Json;
using DpopHttp.Shared;
using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Diagnostics;
using DpopHttp.Tokens.Waiting;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Caching;

/// <summary>
/// Tokens in the container's distributed cache, for instances that share a key. It can only help: what goes wrong with it costs a token request.
/// </summary>
internal sealed class SharedTokenCache(HybridCache cache, IPrivateKeyMaterial material, TimeProvider time, ILogger logger)
{
    /// <summary>A cache that does not answer is slower than the token endpoint.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(2);

    /// <summary>After it has not answered: calls that wait for a token must not each wait for the cache as well.</summary>
    private static readonly TimeSpan PauseLength = TimeSpan.FromSeconds(5);

    /// <summary>Whatever an entry says: a token of longer life is asked for once a day.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(1);

    /// <summary>Only what other instances can see: this one keeps its token itself.</summary>
    private const HybridCacheEntryFlags Shared = HybridCacheEntryFlags.DisableLocalCache;

    private static readonly HybridCacheEntryOptions Lookup = new() { Flags = Shared | HybridCacheEntryFlags.DisableUnderlyingData };

    private readonly Pause _pause = new(time);
    private readonly ConditionalWeakTable<DpopKey, EntrySeal> _seals = [];

    public async Task<IssuedToken?> FindAsync(string entry, DpopKey key)
    {
        byte[]? found = null;
        await TryAsync(async cancellation => found = await cache.GetOrCreateAsync<byte[]?>(entry, _ => default, Lookup, tags: null, cancellation).ConfigureAwait(false))
            .ConfigureAwait(false);
        return found is null ? null : Read(entry, found, key);
    }

    public Task KeepAsync(string entry, IssuedToken token)
    {
        TimeSpan lifetime = token.ExpiresAt - time.GetUtcNow();
        return lifetime <= TimeSpan.Zero
            ? Task.CompletedTask
            : TryAsync(cancellation => cache.SetAsync(
                entry, Write(entry, token), new HybridCacheEntryOptions { Flags = Shared, Expiration = lifetime }, tags: null, cancellation));
    }

    private byte[] Write(string entry, IssuedToken token)
    {
        SharedToken shared = new(token.Value, token.ObtainedAt.ToUnixTimeSeconds(), token.ExpiresAt.ToUnixTimeSeconds(), Mac: null);
        return JsonSerializer.SerializeToUtf8Bytes(SealOf(token.Key).Seal(entry, shared), SharedTokenJson.Default.SharedToken);
    }

    /// <summary>What the cache has is only as good as whoever can write there: a token that cannot be used with the key would fail each call.</summary>
    private IssuedToken? Read(string entry, byte[] content, DpopKey key)
    {
        try
        {
            return JsonSerializer.Deserialize(content, SharedTokenJson.Default.SharedToken) is { AccessToken: { } value } token
                && AccessTokenRules.IsSendable(value) && AccessTokenRules.FindOtherKey(value, key) is null && SealOf(key).IsIntact(entry, token)
                    ? WithTimes(token, value, key)
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The clock that counts is ours: what was got in our future was written by a clock that is ahead, and expires that much earlier.</summary>
    private IssuedToken? WithTimes(SharedToken token, string value, DpopKey key)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset obtainedAt = DateTimeOffset.FromUnixTimeSeconds(token.ObtainedAt), expiresAt = DateTimeOffset.FromUnixTimeSeconds(token.ExpiresAt);
        TimeSpan ahead = obtainedAt > now ? obtainedAt - now : TimeSpan.Zero;
        (obtainedAt, expiresAt) = (obtainedAt - ahead, Earlier(expiresAt - ahead, now + LongestLifetime));
        return expiresAt > obtainedAt ? new IssuedToken(key, isBound: true, value, obtainedAt, expiresAt, isFromCache: true) : null;
    }

    private EntrySeal SealOf(DpopKey key) => _seals.GetValue(key, k => new EntrySeal(k, material));

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private async Task TryAsync(Func<CancellationToken, ValueTask> use)
    {
        if (!_pause.IsOver)
        {
            return;
        }

        using CancellationTokenSource timeout = new(AnswerTimeout, time);
        try
        {
            // A cache may not look at the token of cancellation while it waits for its server.
            await use(timeout.Token).AsTask().Observed().WaitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (timeout.IsCancellationRequested)
            {
                _pause.Begin(PauseLength);
            }

            Log.CacheFailed(logger, exception);
        }
    }
}
