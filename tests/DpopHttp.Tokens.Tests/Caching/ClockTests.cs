using System.Net;
using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>The clock is set back by two hours while something is left alone for a few seconds.</summary>
public class ClockTests
{
    private static readonly TimeSpan Back = TimeSpan.FromHours(-2);

    private readonly SetTime _time = new();

    [Fact]
    public async Task A_server_that_asked_for_a_minute_is_left_alone_for_a_minute()
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: _time);
        bench.Tokens.Fail(429, retryAfter: "60");
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        _time.Offset = Back;
        bench.Tokens.Recover();
        _time.Advance(TimeSpan.FromSeconds(50));
        await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        _time.Advance(TimeSpan.FromSeconds(11));
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_renewal_that_failed_is_not_the_end_of_renewals()
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: _time);
        (await bench.GetAsync()).Dispose();
        bench.Tokens.Revoke("token-1");
        bench.Tokens.Refuse(400, "invalid_client");
        Assert.Equal(HttpStatusCode.Unauthorized, (await bench.GetAsync()).StatusCode);
        _time.Offset = Back;
        bench.Tokens.Recover();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.OK, (await bench.GetAsync()).StatusCode);
    }

    [Fact]
    public async Task A_token_that_came_in_place_of_a_refused_one_can_be_replaced_too()
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: _time);
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await bench.GetAsync()).StatusCode);
            bench.Tokens.Revoke($"token-{i}");
            _time.Offset += Back;
            _time.Advance(TimeSpan.FromSeconds(6));
        }
    }
}
