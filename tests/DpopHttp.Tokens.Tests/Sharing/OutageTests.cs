using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>Redis fails and comes back while two processes go on calling. No call may fail: OtherProcess sees to that.</summary>
public abstract class OutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private protected static async Task RunAsync(Func<RedisServer, Task> fail, Func<RedisServer, Task> mend)
    {
        await using SharingSite site = await SharingSite.StartAsync(TimeSpan.FromSeconds(4));
        using OtherProcess first = await site.StartProcessAsync("orders");
        using OtherProcess second = await site.StartProcessAsync("orders/1");
        await first.CallAsync(1);
        await CallUntilAsync(() => Shared() > 0, "a token is shared");

        await fail(site.Redis);
        int firsts = Alone("orders", "orders/1"), seconds = Alone("orders/1", "orders");
        await CallUntilAsync(() => Alone("orders", "orders/1") > firsts && Alone("orders/1", "orders") > seconds, "each has got a token by itself");

        // One for each token and process, and perhaps one under way in each.
        int requests = site.TokenRequests, alone = site.TokensAt("orders").Length + site.TokensAt("orders/1").Length;
        Assert.True(requests <= alone + 2, $"{requests} token requests, where {alone} make one for each token and process.");

        await mend(site.Redis);
        int shared = Shared();
        await CallUntilAsync(() => Shared() > shared, "a token is shared again");
        TestContext.Current.SendDiagnosticMessage("The slowest call took {0} and {1}.", first.Slowest, second.Slowest);

        int Alone(string path, string other) => site.TokensAt(path).Except(site.TokensAt(other)).Count();

        int Shared() => site.TokensAt("orders").Intersect(site.TokensAt("orders/1")).Count();

        async Task CallUntilAsync(Func<bool> isDone, string what)
        {
            using CancellationTokenSource patience = new(Patience);
            while (!isDone())
            {
                Assert.False(patience.IsCancellationRequested, $"Waited in vain until {what}.");
                await Task.WhenAll(first.CallAsync(3), second.CallAsync(3));
                await Task.Delay(50);
            }
        }
    }
}
