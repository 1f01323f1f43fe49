using DpopHttp.Nonces;

namespace DpopHttp.Tests.Nonces;

public class BoundedCacheTests
{
    [Fact]
    public void GetOrAdd_BeyondTheCapacity_ForgetsTheLeastRecentlyUsed()
    {
        BoundedCache<int, object> cache = new(3);
        object first = cache.GetOrAdd(1, _ => new object());
        object second = cache.GetOrAdd(2, _ => new object());
        cache.GetOrAdd(3, _ => new object());
        Assert.Same(first, cache.GetOrAdd(1, _ => new object()));
        cache.GetOrAdd(4, _ => new object());
        Assert.Same(first, cache.GetOrAdd(1, _ => new object()));
        Assert.NotSame(second, cache.GetOrAdd(2, _ => new object()));
    }

    [Fact]
    public async Task GetOrAdd_FromManyThreads_StaysWithinTheCapacityAndGivesOneValuePerKey()
    {
        BoundedCache<int, string> cache = new(16);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() =>
        {
            Random random = new(seed);
            for (int i = 0; i < 20_000; i++)
            {
                int key = random.Next(64);
                Assert.Equal(key.ToString(provider: null), cache.GetOrAdd(key, k => k.ToString(provider: null)));
            }
        })));
        int made = 0;
        for (int key = 0; key < 64; key++)
        {
            cache.GetOrAdd(key, _ => { made++; return ""; });
        }

        Assert.InRange(made, 48, 64);
    }
}
