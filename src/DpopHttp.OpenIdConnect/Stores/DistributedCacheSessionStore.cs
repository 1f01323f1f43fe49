using Microsoft.Extensions.Caching.Distributed;

namespace DpopHttp.OpenIdConnect.Stores;

/// <summary>Keeps sessions in the container's distributed cache. Such a cache has no lock; the user may give one.</summary>
internal sealed class DistributedCacheSessionStore(IDistributedCache cache, Func<string, CancellationToken, ValueTask<IAsyncDisposable?>>? takeLock) : DpopSessionStore
{
    private const string Prefix = "dpop:session:";

    public override async ValueTask<byte[]?> LoadAsync(string session, CancellationToken cancellationToken) =>
        await cache.GetAsync(Prefix + session, cancellationToken).ConfigureAwait(false);

    public override async ValueTask SaveAsync(string session, byte[] content, TimeSpan lifetime, CancellationToken cancellationToken) =>
        await cache.SetAsync(Prefix + session, content, new DistributedCacheEntryOptions { SlidingExpiration = lifetime }, cancellationToken).ConfigureAwait(false);

    public override async ValueTask RemoveAsync(string session, CancellationToken cancellationToken) =>
        await cache.RemoveAsync(Prefix + session, cancellationToken).ConfigureAwait(false);

    public override ValueTask<IAsyncDisposable?> LockAsync(string session, CancellationToken cancellationToken) =>
        takeLock is null ? default : takeLock(Prefix + session + ":lock", cancellationToken);
}
