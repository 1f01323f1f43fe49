using DpopHttp.Collections;

namespace DpopHttp.Tests.Collections;

public class BoundedCacheTests
{
    [Fact]
    public void GetOrAdd_BeyondTheCapacity_ForgetsTheLeastRecentlyUsed()
    {
        BoundedCache<int, object> cache = new(3);
        object first = cache.GetOrAdd(1, (_, _) => new object(), 0);
        object second = cache.GetOrAdd(2, (_, _) => new object(), 0);
        cache.GetOrAdd(3, (_, _) => new object(), 0);
        Assert.Same(first, cache.GetOrAdd(1, (_, _) => new object(), 0));
        cache.GetOrAdd(4, (_, _) => new object(), 0);
        Assert.Same(first, cache.GetOrAdd(1, (_, _) => new object(), 0));
        Assert.NotSame(second, cache.GetOrAdd(2, (_, _) => new object(), 0));
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
                Assert.Equal(key.ToString(provider: null), cache.GetOrAdd(key, (k, _) => k.ToString(provider: null), 0));
            }
        })));
        int made = 0;
        for (int key = 0; key < 64; key++)
        {
            cache.GetOrAdd(key, (_, _) => { made++; return ""; }, 0);
        }

        Assert.InRange(made, 48, 64);
    }
}
