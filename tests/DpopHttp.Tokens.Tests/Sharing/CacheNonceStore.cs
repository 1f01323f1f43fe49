using Microsoft.Extensions.Caching.Distributed;

namespace DpopHttp.Tokens.Tests.Sharing;

internal sealed class CacheNonceStore(IDistributedCache cache) : DpopNonceStore
{
    private static readonly DistributedCacheEntryOptions AnHour = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };

    public override async ValueTask<string?> LoadAsync(string name, CancellationToken cancellationToken) =>
        await cache.GetStringAsync("dpop-nonce " + name, cancellationToken);

    public override async ValueTask SaveAsync(string name, string nonce, CancellationToken cancellationToken) =>
        await cache.SetStringAsync("dpop-nonce " + name, nonce, AnHour, cancellationToken);
}
