using System.Net;
using DpopHttp.Tokens.AccessTokens;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>A token comes to its end: it is good for 1,000 s, safe to use for 990 s, and renewed from 802.5 s on at the latest.</summary>
public class RenewalTests
{
    private static readonly TimeSpan RenewalIsDue = TimeSpan.FromSeconds(803);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(991);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task The_next_token_is_fetched_in_the_background_and_nobody_waits()
    {
        await using TokenBench bench = await StartAsync();
        TaskCompletionSource answer = new();
        bench.Tokens.Instead = async _ =>
        {
            await answer.Task;
            return false;
        };
        _time.Advance(RenewalIsDue);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("DPoP token-1", await UseAsync(bench));
        }

        await Eventually.IsTrueAsync(() => bench.Tokens.Arrivals == 2);
        answer.SetResult();
        while (await UseAsync(bench) != "DPoP token-2")
        {
        }

        Assert.Equal(2, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task A_renewal_that_fails_is_tried_again_after_a_pause_and_not_by_each_call()
    {
        await using TokenBench bench = await StartAsync();
        bench.Tokens.Refuse(400, "invalid_client");
        _time.Advance(RenewalIsDue);
        for (int renewals = 1; renewals <= 3; renewals++)
        {
            Assert.Equal("DPoP token-1", await UseAsync(bench));
            await Eventually.IsTrueAsync(() => bench.Logged.Count(name => name == "RenewalFailed") == renewals);
            for (int i = 0; i < 10; i++)
            {
                Assert.Equal("DPoP token-1", await UseAsync(bench));
            }

            Assert.Equal(1 + renewals, bench.Tokens.Arrivals);
            _time.Advance(Pause);
        }
    }

    [Fact]
    public async Task Near_its_very_end_a_call_waits_for_the_next_token()
    {
        await using TokenBench bench = await StartAsync();
        _time.Advance(Margin);
        Assert.Equal("DPoP token-2", await UseAsync(bench));
    }

    [Fact]
    public async Task Near_its_very_end_a_token_is_used_if_there_is_no_other_and_not_after_it()
    {
        await using TokenBench bench = await StartAsync();
        bench.Tokens.Refuse(400, "invalid_client");
        _time.Advance(Margin);
        Assert.Equal("DPoP token-1", await UseAsync(bench));
        Assert.Equal("DPoP token-1", await UseAsync(bench));
        Assert.Equal(2, bench.Tokens.Arrivals);
        _time.Advance(TimeSpan.FromSeconds(10));
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal("invalid_client", exception.Error);
    }

    [Fact]
    public async Task Near_its_very_end_a_token_is_used_if_the_next_does_not_come()
    {
        await using TokenBench bench = await StartAsync();
        TaskCompletionSource end = new();
        bench.Tokens.Instead = async _ =>
        {
            await end.Task;
            return true;
        };
        _time.Advance(Margin);
        Task<string> call = UseAsync(bench);
        await Eventually.IsTrueAsync(() => bench.Tokens.Arrivals == 2);

        // Eight seconds at most: after nine the token is no good any more.
        for (int i = 0; i < 400 && !call.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.WhenAny(call, Task.Delay(5));
        }

        Assert.Equal("DPoP token-1", await call.WaitAsync(TimeSpan.FromMinutes(1)));
        end.SetResult();
    }

    [Fact]
    public void Instances_do_not_renew_at_the_same_time()
    {
        using DpopKey key = DpopKey.Generate();
        DateTimeOffset now = _time.GetUtcNow();
        double[] seconds = [.. Enumerable.Range(0, 200)
            .Select(_ => new IssuedToken(key, isBound: true, "token", now, now.AddSeconds(1000)))
            .Select(token => (token.RenewAt - now).TotalSeconds)];
        Assert.All(seconds, at => Assert.InRange(at, 677.5, 802.5));
        Assert.True(seconds.Max() - seconds.Min() > 60, $"{seconds.Min()} to {seconds.Max()}");
    }

    private async Task<TokenBench> StartAsync()
    {
        TokenBench bench = await TokenBench.StartAsync(time: _time);
        bench.Tokens.Lifetime = TimeSpan.FromSeconds(1000);
        Assert.Equal("DPoP token-1", await UseAsync(bench));
        return bench;
    }

    /// <summary>Makes a call and returns what it was made with.</summary>
    private static async Task<string> UseAsync(TokenBench bench)
    {
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return bench.Api.Authorizations[^1];
    }
}
