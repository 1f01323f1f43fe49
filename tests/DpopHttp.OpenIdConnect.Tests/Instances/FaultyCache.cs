using Microsoft.Extensions.Caching.Distributed;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>A cache whose writes fail while that is wanted.</summary>
internal sealed class FaultyCache(IDistributedCache inner) : IDistributedCache
{
    public bool FailsToWrite { get; set; }

    public byte[]? Get(string key) => inner.Get(key);

    public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => inner.GetAsync(key, token);

    public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => inner.Set(key, value, options);

    public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) =>
        FailsToWrite ? throw new IOException("The disk is full.") : inner.SetAsync(key, value, options, token);

    public void Refresh(string key) => inner.Refresh(key);

    public Task RefreshAsync(string key, CancellationToken token = default) => inner.RefreshAsync(key, token);

    public void Remove(string key) => inner.Remove(key);

    public Task RemoveAsync(string key, CancellationToken token = default) => inner.RemoveAsync(key, token);
}
