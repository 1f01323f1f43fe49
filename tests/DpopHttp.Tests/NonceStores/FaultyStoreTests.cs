using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.NonceStores;

/// <summary>Whatever a store does: each call is answered, at the cost that it has without a store, and the log says once what is wrong.</summary>
public class FaultyStoreTests
{
    public enum Fault
    {
        Throws,
        ThrowsAtOnce,
        CancelsItself,
        Hangs,
        Blocks,
    }

    [Theory]
    [InlineData(Fault.Throws, true)]
    [InlineData(Fault.Throws, false)]
    [InlineData(Fault.ThrowsAtOnce, true)]
    [InlineData(Fault.ThrowsAtOnce, false)]
    [InlineData(Fault.CancelsItself, true)]
    [InlineData(Fault.CancelsItself, false)]
    [InlineData(Fault.Hangs, true)]
    [InlineData(Fault.Hangs, false)]
    [InlineData(Fault.Blocks, true)]
    [InlineData(Fault.Blocks, false)]
    public async Task A_store_that_fails_costs_nothing_but_a_line_in_the_log(Fault fault, bool async)
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Verifier = new DpopProofVerifier { TimeProvider = time } });
        using ManualResetEventSlim released = new();
        Shelf store = new()
        {
            OnLoad = async limit =>
            {
                await FailAsync(fault, released);
                return null;
            },
        };
        if (fault == Fault.ThrowsAtOnce)
        {
            store.OnLoad = _ => throw new InvalidOperationException("The store is gone.");
        }

        store.OnSave = _ => new(FailAsync(fault, released));
        await using StoreBench process = new(store, time);
        Task first = process.CallAsync(server.BaseAddress, async);
        while (!process.Failures.Any())
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Delay(5);
        }

        await first;
        Assert.Equal(2, server.Api.Requests.Count);
        Assert.Equal((1, 0), (store.Loaded.Count, store.Saved.Count));

        // It has a rest of 30 seconds; then a nonce is saved after all, which fails again.
        server.Api.RotateNonce();
        await process.CallAsync(server.BaseAddress, async, times: 3);
        Assert.Equal((1, 0), (store.Loaded.Count, store.Saved.Count));
        time.Advance(TimeSpan.FromSeconds(31));
        await AdvanceUntil(time, process.CallAsync(server.BaseAddress, async));
        await process.CallAsync(server.BaseAddress, async, times: 3);
        Assert.Equal((1, 1), (store.Loaded.Count, store.Saved.Count));
        Assert.Equal(10, server.Api.Requests.Count);
        Assert.Equal(LogLevel.Warning, Assert.Single(process.Failures).Level);
        released.Set();
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("two\r\nlines", 1)]
    [InlineData("a \"quoted\" one", 1)]
    [InlineData("10 KB", 1)]
    [InlineData(null, 0)]
    public async Task Text_that_isnt_a_nonce_isnt_sent_and_is_replaced(string? text, int failures)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        string? found = text == "10 KB" ? new string('n', 10 * 1024) : text;
        Shelf store = new() { OnLoad = _ => new(found) };
        await using (StoreBench process = new(store))
        {
            await process.CallAsync(server.BaseAddress, async: true, times: 3);
            Assert.Equal(failures, process.Failures.Count());
        }

        Assert.Equal(4, server.Api.Requests.Count);
        Assert.Null(server.Api.Requests[0].Nonce);
        Assert.Equal(server.Api.Requests[^1].Nonce, Assert.Single(store.Nonces).Value);
    }

    [Fact]
    public async Task A_save_that_never_ends_isnt_followed_by_another()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.RotateEachResponse });
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        TaskCompletionSource ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Shelf store = new() { OnSave = _ => new(ends.Task) };
        await using StoreBench process = new(store, time);
        await AdvanceUntil(time, process.CallAsync(server.BaseAddress, async: true));
        time.Advance(TimeSpan.FromSeconds(31));
        await process.CallAsync(server.BaseAddress, async: true);
        Assert.Single(store.Saved);
        ends.SetResult();
        while (store.Saved.Count == 1)
        {
            await process.CallAsync(server.BaseAddress, async: true);
        }
    }

    [Fact]
    public async Task What_the_log_says_doesnt_quote_the_nonce()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf store = new();
        await using StoreBench process = new(store);
        store.OnSave = _ => throw new InvalidOperationException($"SET {server.Api.Requests[^1].Nonce} failed.");
        await process.CallAsync(server.BaseAddress, async: true);
        string text = Assert.Single(process.Failures).Exception!.ToString();
        Assert.Contains("System.InvalidOperationException", text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Api.Requests[^1].Nonce!, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_store_does_when_its_time_is_up_is_its_own_affair()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Verifier = new DpopProofVerifier { TimeProvider = time } });
        using ManualResetEventSlim released = new();
        TaskCompletionSource isBlocked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Shelf store = new()
        {
            OnLoad = limit =>
            {
                limit.Register(() =>
                {
                    isBlocked.SetResult();
                    released.Wait(CancellationToken.None);
                });
                limit.Register(() => throw new InvalidOperationException("The store can't be cancelled."));
                return new(new TaskCompletionSource<string?>().Task);
            },
        };
        await using StoreBench process = new(store, time);
        await AdvanceUntil(time, process.CallAsync(server.BaseAddress, async: true));
        await isBlocked.Task.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Single(process.Failures);
        released.Set();
    }

    [Fact]
    public async Task After_a_failure_no_origin_asks_the_store()
    {
        await using ResourceServer one = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        await using ResourceServer two = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf store = new() { OnLoad = _ => throw new InvalidOperationException("The store is gone.") };
        await using StoreBench process = new(store);
        await process.CallAsync(one.BaseAddress, async: true);
        await process.CallAsync(two.BaseAddress, async: true, times: 2);
        Assert.Equal((1, 0), (store.Loaded.Count, store.Saved.Count));
    }

    private static async Task FailAsync(Fault fault, ManualResetEventSlim released)
    {
        switch (fault)
        {
            case Fault.Hangs:
                await new TaskCompletionSource().Task;
                break;
            case Fault.Blocks:
                released.Wait(CancellationToken.None);
                break;
            case Fault.CancelsItself:
                throw new OperationCanceledException("The store gave up.");
            default:
                await Task.Yield();
                throw new InvalidOperationException("The store is gone.");
        }
    }

    private static async Task AdvanceUntil(FakeTimeProvider time, Task done)
    {
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(done, Task.Delay(5));
        }

        await done;
    }
}
