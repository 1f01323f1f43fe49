using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>Redis fails and comes back while two processes go on calling. No call may fail: OtherProcess sees to that.</summary>
public abstract class OutageTests
{
    /// <summary>Long enough that a machine with other work does not let a token expire between two looks at it.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private protected static async Task RunAsync(Func<RedisServer, Task> fail, Func<RedisServer, Task> mend)
    {
        await using SharingSite site = await SharingSite.StartAsync(Lifetime);
        using OtherProcess first = await site.StartProcessAsync("orders", isPatient: false);
        using OtherProcess second = await site.StartProcessAsync("orders/1", isPatient: false);
        await first.CallAsync(1);
        await CallUntilAsync(() => Shared() > 0, "a token is shared");

        await fail(site.Redis);
        int firsts = Alone("orders", "orders/1"), seconds = Alone("orders/1", "orders");
        await CallUntilAsync(() => Alone("orders", "orders/1") > firsts && Alone("orders/1", "orders") > seconds, "each has got a token by itself");

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
