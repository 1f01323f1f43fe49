using System.Text.Json;
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

    /// <summary>Only what other instances can see: this one keeps its token itself.</summary>
    private const HybridCacheEntryFlags Shared = HybridCacheEntryFlags.DisableLocalCache;

    private static readonly HybridCacheEntryOptions Lookup = new() { Flags = Shared | HybridCacheEntryFlags.DisableUnderlyingData };

    public async Task<IssuedToken?> FindAsync(string entry, DpopKey key)
    {
        byte[]? found = null;
        await TryAsync(async patience => found = await cache.GetOrCreateAsync<byte[]?>(entry, _ => default, Lookup, tags: null, patience).ConfigureAwait(false))
            .ConfigureAwait(false);
        return found is not null && Read(found) is { } token
            ? new IssuedToken(key, isBound: true, token.Value, token.ObtainedAt, token.ExpiresAt)
            : null;
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

    private static SharedToken? Read(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, TokenJson.Default.SharedToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task TryAsync(Func<CancellationToken, ValueTask> use)
    {
        using CancellationTokenSource patience = new(Patience, time);
        try
        {
            // A cache may not look at the token of cancellation while it waits for its server.
            await use(patience.Token).AsTask().WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.CacheFailed(logger, exception);
        }
    }
}
