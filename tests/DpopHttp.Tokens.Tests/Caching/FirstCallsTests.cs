using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>However many calls wait for a token, one asks for it.</summary>
public class FirstCallsTests
{
    [Theory]
    [InlineData(500, true)]
    [InlineData(100, false)]
    public async Task Concurrent_first_calls_make_one_token_request_and_one_for_its_nonce(int calls, bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Nonce = "nonce-1";
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, calls).Select(_ => bench.GetAsync(async)));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal((2, 1), (bench.Tokens.Arrivals, bench.Tokens.Requests.Length));
        Assert.Equal(Enumerable.Repeat("DPoP token-1", calls), bench.Api.Authorizations);
    }

    [Fact]
    public async Task What_one_does_with_the_token_holds_up_nobody_who_waited_as_well()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        IDpopTokens tokens = bench.Services.GetRequiredService<IDpopTokens>();
        _ = bench.Services.GetRequiredService<DpopKeyRing>().Get(TokenBench.Client);
        using ManualResetEventSlim othersHaveIt = new();
        using CancellationTokenSource cancellation = new();
        TaskCompletionSource answer = new();
        bench.Tokens.Instead = async _ =>
        {
            await answer.Task;
            return false;
        };
        async Task TakeAsync(Action then)
        {
            await tokens.GetAsync(TokenBench.Client, cancellation.Token);
            then();
        }

        // Without the context of the test, which would let each go on by itself.
        (Task First, Task Second) takers = await Task.Run(() => (TakeAsync(() => Assert.True(othersHaveIt.Wait(TimeSpan.FromMinutes(1)))), TakeAsync(othersHaveIt.Set)));
        await Eventually.IsTrueAsync(() => bench.Tokens.Arrivals == 1);
        answer.SetResult();
        await Task.WhenAll(takers.First, takers.Second);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_does_not_take_the_token_from_the_others()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        TaskCompletionSource answer = new();
        bench.Tokens.Instead = async _ =>
        {
            await answer.Task;
            return false;
        };
        using CancellationTokenSource impatience = new();
        using HttpClient http = bench.CreateClient();
        Task<HttpResponseMessage> first = http.GetAsync("orders", impatience.Token);
        await Eventually.IsTrueAsync(() => bench.Tokens.Arrivals == 1);
        Task<HttpResponseMessage> second = http.GetAsync("orders");
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        Assert.Equal(1, bench.Tokens.Arrivals);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_with_an_Authorization_header_keeps_it_and_asks_for_no_token(bool async)
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        using HttpClient http = bench.CreateClient();
        HttpRequestMessage request = new(HttpMethod.Get, "orders") { Headers = { { "Authorization", "DPoP my-own" } } };
        using HttpResponseMessage response = await http.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(["DPoP my-own"], bench.Api.Authorizations);
        Assert.Equal("DPoP my-own", request.Headers.Authorization?.ToString());
        Assert.Equal(0, bench.Tokens.Arrivals);
    }
}
