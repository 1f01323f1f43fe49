using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>The token endpoint is down, on a clock that runs faster than the real one.</summary>
public class OutageTests
{
    /// <summary>With 1 it all takes as long as it says.</summary>
    private const int Speed = 10;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OutageBegins = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutageEnds = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan End = TimeSpan.FromSeconds(75);

    public static TheoryData<string> WaysToBeDown => ["503", "drop", "hang"];

    [Theory]
    [MemberData(nameof(WaysToBeDown))]
    public async Task Down_for_20_seconds_while_the_token_is_valid_no_call_fails(string way)
    {
        ScaledTime time = new(Speed);
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Lifetime = Lifetime;
        int attempts = 0;
        bench.Tokens.Instead = async context =>
        {
            bool isDown = time.Elapsed > OutageBegins && time.Elapsed < OutageEnds;
            if (isDown)
            {
                Interlocked.Increment(ref attempts);
                await BeDownAsync(context, way);
            }

            return isDown;
        };

        // Renewal is due between 35 and 43 seconds: in the outage.
        int calls = 0;
        while (time.Elapsed < End)
        {
            using HttpResponseMessage response = await bench.GetAsync(async: calls % 2 == 0);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            calls++;
        }

        Assert.True(attempts > 0 && bench.Tokens.Requests.Length >= 2 && calls > 100, $"{attempts} attempts, {bench.Tokens.Requests.Length} tokens, {calls} calls");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Down_with_no_token_the_caller_has_an_error_that_says_so(bool async)
    {
        ScaledTime time = new(Speed);
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Fail(503);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync(async));
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        Assert.Empty(bench.Api.Authorizations);

        // Three more attempts, and then it is up to the caller.
        Assert.Equal(4, bench.Tokens.Arrivals);
        bench.Tokens.Recover();
        using HttpResponseMessage response = await bench.GetAsync(async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hanging_with_no_token_the_callers_own_time_out_ends_the_call(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Instead = context => BeDownAsync(context, "hang").ContinueWith(_ => true, TaskScheduler.Default);
        using HttpClient http = bench.CreateClient();
        http.Timeout = TimeSpan.FromMilliseconds(300);
        TaskCanceledException exception = await Assert.ThrowsAsync<TaskCanceledException>(() => http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "orders"), async));
        Assert.IsType<TimeoutException>(exception.InnerException);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_time_out_of_the_back_channel_is_a_failure_like_any_other(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync(time: new ScaledTime(Speed), addTokens: (client, server) => client
            .ConfigureDpopBackChannel(back => back.ConfigureHttpClient(http => http.Timeout = TimeSpan.FromMilliseconds(100)))
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        bench.Tokens.Instead = context => BeDownAsync(context, "hang").ContinueWith(_ => true, TaskScheduler.Default);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync(async));
        Assert.Equal((DpopTokenErrorCodes.TokenUnavailable, 4), (exception.Code, bench.Tokens.Arrivals));
    }

    [Fact]
    public async Task A_dead_endpoint_is_left_alone_for_a_while()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Fail(503);
        for (int call = 0; call < 2; call++)
        {
            await FailAsync(bench, time);
        }

        Assert.Equal(8, bench.Tokens.Arrivals);
        for (int call = 0; call < 10; call++)
        {
            await FailAsync(bench, time);
        }

        Assert.Equal(8, bench.Tokens.Arrivals);
        bench.Tokens.Recover();
        time.Advance(TimeSpan.FromSeconds(6));
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>The clock moves only as far as the pauses between attempts need.</summary>
    private static async Task FailAsync(TokenBench bench, Microsoft.Extensions.Time.Testing.FakeTimeProvider time)
    {
        Task<HttpResponseMessage> call = bench.GetAsync();
        while (!call.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.WhenAny(call, Task.Delay(1));
        }

        await Assert.ThrowsAsync<DpopTokenException>(() => call);
    }

    private static async Task BeDownAsync(HttpContext context, string way)
    {
        switch (way)
        {
            case "503":
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            case "drop":
                context.Abort();
                break;
            default:
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
        }
    }
}
