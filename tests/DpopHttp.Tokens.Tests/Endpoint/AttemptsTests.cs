using System.Net;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>Which failures are worth another attempt, and when.</summary>
public class AttemptsTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public async Task A_failure_that_may_pass_is_tried_again(int status)
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Instead = context =>
        {
            if (bench.Tokens.Arrivals > 2)
            {
                return Task.FromResult(false);
            }

            if (status == 0)
            {
                context.Abort();
            }

            context.Response.StatusCode = status == 0 ? 200 : status;
            return Task.FromResult(true);
        };
        using HttpResponseMessage response = await time.PassAsync(bench.GetAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((3, 1), (bench.Tokens.Arrivals, bench.Tokens.Requests.Length));
    }

    [Fact]
    public async Task An_attempt_without_an_answer_ends_and_the_next_one_succeeds()
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Instead = async context =>
        {
            if (bench.Tokens.Arrivals > 1)
            {
                return false;
            }

            time.NeverAnswered(context);
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using HttpResponseMessage response = await time.PassAsync(bench.GetAsync());
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, bench.Tokens.Arrivals));
    }

    [Theory]
    [InlineData(400, "invalid_client", "Unknown client.")]
    [InlineData(401, "invalid_client", "Wrong secret.")]
    [InlineData(400, "invalid_scope", null)]
    [InlineData(403, "access_denied", "Not today.")]
    public async Task A_refusal_is_not_tried_again_and_its_error_is_the_callers(int status, string error, string? description)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Refuse(status, error, description);
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal((DpopTokenErrorCodes.TokenRefused, error, description), (exception.Code, exception.Error, exception.ErrorDescription));
        Assert.Contains(error, exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, bench.Tokens.Arrivals);
        Assert.Empty(bench.Api.Authorizations);
    }

    [Theory]
    [InlineData(400, "[1]")]
    [InlineData(400, "")]
    [InlineData(404, "<html>")]
    [InlineData(401, "\"invalid_client\"")]
    [InlineData(307, "")]
    public async Task A_refusal_that_names_no_error_is_one_all_the_same(int status, string body)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Instead = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(body);
            return true;
        };
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal((DpopTokenErrorCodes.TokenRefused, null, null), (exception.Code, exception.Error, exception.ErrorDescription));
        Assert.Equal(1, bench.Tokens.Arrivals);
    }

    [Theory]
    [InlineData("not json", "text/html")]
    [InlineData("{\"token_type\":\"DPoP\"}", "application/json")]
    [InlineData("[1]", "application/json")]
    [InlineData("", "application/json")]
    public async Task An_answer_that_is_none_is_an_error_that_says_so(string body, string type)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Instead = async context =>
        {
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
            return true;
        };
        DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
        Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
        Assert.Equal(1, bench.Tokens.Arrivals);
    }

    [Fact]
    public async Task A_short_Retry_After_is_waited_for()
    {
        PacedTime time = new();
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        List<TimeSpan> arrivals = [];
        bench.Tokens.Instead = context =>
        {
            arrivals.Add(time.Elapsed);
            if (arrivals.Count > 1)
            {
                return Task.FromResult(false);
            }

            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "2";
            return Task.FromResult(true);
        };
        using HttpResponseMessage response = await time.PassAsync(bench.GetAsync());
        Assert.Equal(2, arrivals.Count);
        Assert.InRange(arrivals[1] - arrivals[0], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(9));
    }

    [Fact]
    public async Task A_long_Retry_After_is_the_callers_to_wait_for_and_nobody_asks_before()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        bench.Tokens.Fail(429, retryAfter: "60");
        for (int call = 0; call < 5; call++)
        {
            DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(() => bench.GetAsync());
            Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, exception.Code);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(1, bench.Tokens.Arrivals);
        bench.Tokens.Recover();
        time.Advance(TimeSpan.FromSeconds(11));
        using HttpResponseMessage response = await bench.GetAsync();
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, bench.Tokens.Arrivals));
    }
}
