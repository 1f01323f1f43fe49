using DpopHttp.OpenIdConnect.Stores;

namespace DpopHttp.OpenIdConnect.Tests.Load;

public sealed class MemorySessionStoreTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    private readonly MovedTime _time = new();

    [Fact]
    public async Task Sessions_that_were_unused_for_longest_make_room()
    {
        MemorySessionStore store = new(limit: 100, _time);
        await SaveAsync(store, "used", Lifetime);
        await SaveAsync(store, "unused", Lifetime);
        for (int i = 0; i < 300; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await SaveAsync(store, $"session {i}", Lifetime);
            Assert.NotNull(await store.LoadAsync("used", CancellationToken.None));
        }

        Assert.Null(await store.LoadAsync("unused", CancellationToken.None));
        Assert.NotNull(await store.LoadAsync("session 299", CancellationToken.None));
        Assert.InRange(await CountAsync(store, 300), 90, 100);
    }

    [Fact]
    public async Task A_session_ends_when_it_is_unused_for_its_lifetime()
    {
        MemorySessionStore store = new(limit: 100, _time);
        await SaveAsync(store, "session", Lifetime);
        _time.Advance(Lifetime - TimeSpan.FromMinutes(1));
        Assert.NotNull(await store.LoadAsync("session", CancellationToken.None));
        _time.Advance(Lifetime - TimeSpan.FromMinutes(1));
        Assert.NotNull(await store.LoadAsync("session", CancellationToken.None));
        _time.Advance(Lifetime + TimeSpan.FromMinutes(1));
        Assert.Null(await store.LoadAsync("session", CancellationToken.None));
    }

    [Fact]
    public async Task Many_threads_may_fill_a_full_store()
    {
        MemorySessionStore store = new(limit: 100, _time);
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), async (i, _) => await SaveAsync(store, $"session {i}", Lifetime));
        Assert.InRange(await CountAsync(store, 5000), 90, 100);
    }

    private static ValueTask SaveAsync(MemorySessionStore store, string session, TimeSpan lifetime) => store.SaveAsync(session, [1], lifetime, CancellationToken.None);

    private static async Task<int> CountAsync(MemorySessionStore store, int sessions)
    {
        int count = 0;
        for (int i = 0; i < sessions; i++)
        {
            count += await store.LoadAsync($"session {i}", CancellationToken.None) is null ? 0 : 1;
        }

        return count;
    }
}
