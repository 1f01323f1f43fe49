using System.Text.Json;
using DpopHttp.Shared;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Caching;

/// <summary>
/// Tokens in the container's distributed cache, for instances that share a key. It can only help: what goes wrong with it costs a token request.
/// </summary>
internal sealed class SharedTokenCache(HybridCache cache, TimeProvider time, ILogger logger)
{
    /// <summary>A cache that does not answer is slower than the token endpoint.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>After it has not answered: calls that wait for a token must not each wait for the cache as well.</summary>
    private static readonly TimeSpan PauseLength = TimeSpan.FromSeconds(5);

    /// <summary>Only what other instances can see: this one keeps its token itself.</summary>
    private const HybridCacheEntryFlags Shared = HybridCacheEntryFlags.DisableLocalCache;

    private static readonly HybridCacheEntryOptions Lookup = new() { Flags = Shared | HybridCacheEntryFlags.DisableUnderlyingData };

    private readonly Pause _pause = new(time);

    public async Task<IssuedToken?> FindAsync(string entry, DpopKey key)
    {
        byte[]? found = null;
        await TryAsync(async patience => found = await cache.GetOrCreateAsync<byte[]?>(entry, _ => default, Lookup, tags: null, patience).ConfigureAwait(false))
            .ConfigureAwait(false);
        return found is null ? null : Read(found, key);
    }

    public Task KeepAsync(string entry, IssuedToken token)
    {
        TimeSpan lifetime = token.ExpiresAt - time.GetUtcNow();
        if (lifetime <= TimeSpan.Zero)
        {
            return Task.CompletedTask;
        }

        byte[] content = JsonSerializer.SerializeToUtf8Bytes(
            new SharedToken(token.Value, token.ObtainedAt, token.ExpiresAt), TokenJson.Default.SharedToken);
        return TryAsync(patience => cache.SetAsync(entry, content, new HybridCacheEntryOptions { Flags = Shared, Expiration = lifetime }, tags: null, patience));
    }

    private static IssuedToken? Read(byte[] content, DpopKey key)
    {
        try
        {
            return JsonSerializer.Deserialize(content, TokenJson.Default.SharedToken) is { Value: { } value } token && IsFor(key, value)
                ? new IssuedToken(key, isBound: true, value, token.ObtainedAt, token.ExpiresAt)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the cache has is only as good as whoever can write there: a token that cannot be used with the key would fail each call.</summary>
    private static bool IsFor(DpopKey key, string value) =>
        value.Length > 0
        && !value.AsSpan().ContainsAnyExceptInRange('!', '~')
        && JwtConfirmation.ReadThumbprint(value) is var bound
        && (bound is null || bound == key.Thumbprint);

    private async Task TryAsync(Func<CancellationToken, ValueTask> use)
    {
        if (!_pause.IsOver)
        {
            return;
        }

        using CancellationTokenSource patience = new(Patience, time);
        try
        {
            // A cache may not look at the token of cancellation while it waits for its server.
            await use(patience.Token).AsTask().Observed().WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (patience.IsCancellationRequested)
            {
                _pause.Begin(PauseLength);
            }

            Log.CacheFailed(logger, exception);
        }
    }
}
