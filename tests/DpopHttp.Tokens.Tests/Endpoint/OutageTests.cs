using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>The token endpoint is down, on a clock that passes only while nothing is under way.</summary>
public class OutageTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OutageBegins = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan OutageEnds = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan End = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan BetweenCalls = TimeSpan.FromMilliseconds(200);

    public static TheoryData<string> WaysToBeDown => ["503", "drop", "hang"];

    [Theory]
    [MemberData(nameof(WaysToBeDown))]
    public async Task Down_for_20_seconds_while_the_token_is_valid_no_call_fails(string way)
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Lifetime = Lifetime;
        int attempts = 0;
        bench.Tokens.Instead = async context =>
        {
            bool isDown = time.Elapsed > OutageBegins && time.Elapsed < OutageEnds;
            if (isDown)
            {
                Interlocked.Increment(ref attempts);
                await BeDownAsync(context, way, time);
            }

            return isDown;
        };

        // Renewal is due between 35 and 43 seconds: in the outage.
        int calls = 0, inOutage = 0;
        while (time.Elapsed < End)
        {
            bool async = calls % 2 == 0;
            using HttpResponseMessage response = await time.PassAsync(Task.Run(() => bench.GetAsync(async), CancellationToken.None));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            calls++;
            inOutage += time.Elapsed > OutageBegins && time.Elapsed < OutageEnds ? 1 : 0;
            await time.PassAsync(BetweenCalls);
        }

        Assert.True(attempts > 0 && bench.Tokens.Requests.Length >= 2 && inOutage > 1, $"{attempts} attempts, {bench.Tokens.Requests.Length} tokens, {inOutage} calls in the outage");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Down_with_no_token_the_caller_has_an_error_that_says_so(bool async)
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Fail(503);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => time.PassAsync(Task.Run(() => bench.GetAsync(async), CancellationToken.None)));
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        Assert.Empty(bench.Api.Authorizations);

        // Three more attempts, and then it is up to the caller.
        Assert.Equal(4, bench.Tokens.Arrivals);
        bench.Tokens.Recover();
        using HttpResponseMessage response = await time.PassAsync(Task.Run(() => bench.GetAsync(async), CancellationToken.None));
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
        PacedTime time = new();
        Attempts attempts = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time, addTokens: (client, server) => client
            .ConfigureDpopBackChannel(back => back.ConfigureHttpClient(http => http.Timeout = TimeSpan.FromMilliseconds(100)).AddHttpMessageHandler(() => attempts.Count()))
            .AddDpopClientCredentials(options => (options.TokenEndpoint, options.ClientId, options.ClientSecret) = (server.TokenEndpoint, "orders-worker", "the-secret")));
        bench.Tokens.Instead = context => BeDownAsync(context, "hang").ContinueWith(_ => true, TaskScheduler.Default);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => time.PassAsync(Task.Run(() => bench.GetAsync(async), CancellationToken.None)));
        Assert.Equal((DpopTokenErrorCodes.TokenUnavailable, 4), (exception.Code, attempts.Number));
    }

    [Fact]
    public async Task A_dead_endpoint_is_left_alone_for_a_while()
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Fail(503);
        for (int call = 0; call < 12; call++)
        {
            await Assert.ThrowsAsync<DpopTokenException>(() => time.PassAsync(bench.GetAsync()));
        }

        // Two calls with four attempts each.
        Assert.Equal(8, bench.Tokens.Arrivals);
        bench.Tokens.Recover();
        await time.PassAsync(TimeSpan.FromSeconds(6));
        using HttpResponseMessage response = await time.PassAsync(bench.GetAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>What the back channel's client was asked to send: on a busy machine its time may be over before that gets to the server.</summary>
    private sealed class Attempts
    {
        private int _number;

        public int Number => Volatile.Read(ref _number);

        public DelegatingHandler Count() => new Counting(this);

        private sealed class Counting(Attempts attempts) : DelegatingHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                Interlocked.Increment(ref attempts._number);
                return base.SendAsync(request, cancellationToken);
            }

            protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                Interlocked.Increment(ref attempts._number);
                return base.Send(request, cancellationToken);
            }
        }
    }

    private static async Task BeDownAsync(HttpContext context, string way, PacedTime? time = null)
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
                time?.NeverAnswered(context);
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
        }
    }
}
