using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Verification.Tests;

/// <summary>What the store in memory keeps, and what it refuses.</summary>
public sealed class MemoryReplayStoreTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public async Task TryAdd_SameKeyUntilItsTimeIsOver_IsRefused()
    {
        DpopMemoryReplayStore store = new(timeProvider: _clock);
        Assert.True(await AddAsync(store, 1));

        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.False(await AddAsync(store, 1));

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await AddAsync(store, 1));
    }

    [Fact]
    public async Task TryAdd_FullOfLiveProofs_ThrowsAndForgetsNone()
    {
        DpopMemoryReplayStore store = new(100, _clock);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(await AddAsync(store, i));
        }

        DpopReplayStoreException error = await Assert.ThrowsAsync<DpopReplayStoreException>(() => AddAsync(store, 100).AsTask());

        Assert.Contains("100 proofs", error.Message, StringComparison.Ordinal);
        for (int i = 0; i < 100; i++)
        {
            Assert.False(await AddAsync(store, i));
        }
    }

    [Fact]
    public async Task TryAdd_FullOfProofsWhoseTimeIsOver_MakesRoom()
    {
        DpopMemoryReplayStore store = new(100, _clock);
        for (int i = 0; i < 100; i++)
        {
            await AddAsync(store, i);
        }

        _clock.Advance(TimeSpan.FromSeconds(61));

        Assert.True(await AddAsync(store, 100));
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public async Task TryAdd_HundredTimesTheProofsOfAWindow_KeepsTwiceThoseOfOneAtMost()
    {
        DpopMemoryReplayStore store = new(timeProvider: _clock);
        int most = 0;
        for (int i = 0; i < 500_000; i++)
        {
            Assert.True(await AddAsync(store, i));
            if (i % 100 == 0)
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
            }

            most = Math.Max(most, i % 1000 == 0 ? store.Count : 0);
        }

        // 6,000 are live at any time; each of the 16 parts cleans from 1,024 entries on.
        Assert.InRange(most, 6_000, 16 * 1_024);
    }

    [Fact]
    public async Task TryAdd_SameKeysFromManyThreads_AcceptsEachOnce()
    {
        DpopMemoryReplayStore store = new();
        int accepted = 0;

        await Parallel.ForAsync(0, 10_000, async (i, _) =>
        {
            if (await AddAsync(store, i % 100, DateTimeOffset.MaxValue))
            {
                Interlocked.Increment(ref accepted);
            }
        });

        Assert.Equal(100, accepted);
    }

    [Fact]
    public void Key_OfOtherParts_IsAnother()
    {
        DpopReplayKey[] keys =
        [
            DpopReplayKey.Create("a", "b", "c"), DpopReplayKey.Create("x", "b", "c"), DpopReplayKey.Create("a", "x", "c"),
            DpopReplayKey.Create("a", "b", "x"), DpopReplayKey.Create("ab", "", "c"), DpopReplayKey.Create("a", "bc", ""),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], DpopReplayKey.Create("a", "b", "c"));
        Assert.All(keys, key => Assert.Equal(43, key.ToString().Length));
    }

    private ValueTask<bool> AddAsync(DpopMemoryReplayStore store, int id, DateTimeOffset? until = null) => store.TryAddAsync(
        DpopReplayKey.Create("key", "https://api.example.com/", $"{id}"), until ?? (_clock.GetUtcNow() + Window), CancellationToken.None);
}
