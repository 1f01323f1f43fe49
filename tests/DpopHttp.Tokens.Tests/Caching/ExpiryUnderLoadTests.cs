using System.Collections.Concurrent;
using System.Net;
using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.Caching;

/// <summary>Tokens that end every few seconds, in real time, under steady load.</summary>
public class ExpiryUnderLoadTests
{
    private const int Tasks = 16;

    private const int Lifetimes = 3;

    /// <summary>Long enough that on a machine with other work no token expires twice within one call.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task No_call_fails_and_no_second_token_request_is_in_flight()
    {
        await using TokenBench bench = await TokenBench.StartAsync();
        bench.Tokens.Nonce = "nonce-0";
        bench.Tokens.Lifetime = Lifetime;

        // Slow enough that many calls come in meanwhile, and with another nonce for each token.
        bench.Tokens.Instead = async _ =>
        {
            await Task.Delay(100);
            return false;
        };
        bench.Tokens.Extras = request =>
        {
            bench.Tokens.Nonce = $"nonce-{bench.Tokens.Requests.Length}";
            return [];
        };
        ConcurrentQueue<string> failures = [];
        int calls = 0;
        await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(async () =>
        {
            while (bench.Tokens.Requests.Length <= Lifetimes)
            {
                try
                {
                    using HttpResponseMessage response = await bench.GetAsync(async: task % 4 != 0);
                    if (response.StatusCode != HttpStatusCode.OK)
                    {
                        failures.Enqueue(response.StatusCode.ToString());
                    }
                }
                catch (Exception exception)
                {
                    failures.Enqueue(exception.ToString());
                }

                Interlocked.Increment(ref calls);
                await Task.Delay(2);
            }
        })));
        Assert.Empty(failures);
        Assert.Equal(1, bench.Tokens.MostAtOnce);
        Assert.True(calls > Tasks * Lifetimes, $"{calls} calls");
    }

    [Fact]
    public async Task After_a_quiet_time_concurrent_calls_make_one_token_request()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TokenBench bench = await TokenBench.StartAsync(time: time);
        (await bench.GetAsync()).Dispose();
        time.Advance(TimeSpan.FromHours(2));
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => bench.GetAsync()));
        Assert.All(responses, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.Equal(2, bench.Tokens.Arrivals);
    }
}
