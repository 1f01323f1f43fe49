using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>A cache that never answers, and does not look at cancellation either.</summary>
public class DeadCacheTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly PacedTime _time = new();
    private readonly HangingCache _cache = new();

    [Fact]
    public async Task It_holds_up_one_call_for_two_seconds_and_no_further_one_for_five()
    {
        await using TokenBench bench = await StartAsync();
        await AssertHeldUpAsync(bench);

        // Another key needs another token. The clock stands still: whoever waited for the cache would wait for ever.
        for (int i = 0; i < 3; i++)
        {
            bench.Services.GetRequiredService<DpopKeyRing>().Rotate(TokenBench.Client);
            using HttpResponseMessage response = await bench.GetAsync().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(1, _cache.Uses);
        _time.Advance(Pause);
        bench.Services.GetRequiredService<DpopKeyRing>().Rotate(TokenBench.Client);
        await AssertHeldUpAsync(bench);
        Assert.Equal(5, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task One_that_answers_reads_and_hangs_at_writes_keeps_the_token_back_for_two_seconds_at_most()
    {
        _cache.AnswersReads = true;
        await using TokenBench bench = await StartAsync();
        Task<HttpResponseMessage> call = bench.GetAsync();
        await Eventually.IsTrueAsync(() => _cache.Uses == 2);
        _time.Advance(Patience);
        using HttpResponseMessage response = await call.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Without_it_each_instance_asks_once_for_each_token_however_many_calls_it_makes()
    {
        await using TokenBench first = await StartAsync();
        await using TokenBench second = await StartAsync();
        for (int token = 1; token <= 4; token++)
        {
            foreach (TokenBench bench in (TokenBench[])[first, second])
            {
                // Time passes only for who waits for the cache: the token is good for much longer.
                HttpResponseMessage[] calls = await _time.PassAsync(Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.GetAsync())));
                Assert.All(calls, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
                Assert.Equal(token, bench.Tokens.Requests.Length);
            }

            _time.Advance(TimeSpan.FromMinutes(61));
        }
    }

    private Task<TokenBench> StartAsync() => TokenBench.StartAsync(time: _time, addTokens: (client, server) =>
    {
        client.Services.AddSingleton<IDistributedCache>(_cache);
        client.AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret"));
    });

    private async Task AssertHeldUpAsync(TokenBench bench)
    {
        (int uses, int arrivals) = (_cache.Uses, bench.Tokens.Arrivals);
        Task<HttpResponseMessage> call = bench.GetAsync();
        await Eventually.IsTrueAsync(() => _cache.Uses > uses);
        Assert.Equal(arrivals, bench.Tokens.Arrivals);
        _time.Advance(Patience);
        using HttpResponseMessage response = await call.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.OK, uses + 1), (response.StatusCode, _cache.Uses));
    }

    private sealed class HangingCache : IDistributedCache
    {
        private readonly TaskCompletionSource<byte[]?> _never = new();
        private int _uses;

        public bool AnswersReads { get; set; }

        /// <summary>For tokens: HybridCache has entries of its own, which it looks up when it likes.</summary>
        public int Uses => Volatile.Read(ref _uses);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default)
        {
            Task<byte[]?> hanging = Hang(key);
            return AnswersReads ? Task.FromResult<byte[]?>(null) : hanging;
        }

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default) => Hang(key);

        public Task RefreshAsync(string key, CancellationToken token = default) => Hang(key);

        public Task RemoveAsync(string key, CancellationToken token = default) => Hang(key);

        public byte[]? Get(string key) => throw new NotSupportedException();

        public void Refresh(string key) => throw new NotSupportedException();

        public void Remove(string key) => throw new NotSupportedException();

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options) => throw new NotSupportedException();

        private Task<byte[]?> Hang(string key)
        {
            if (key.StartsWith("DpopHttp:", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _uses);
            }

            return _never.Task;
        }
    }
}
