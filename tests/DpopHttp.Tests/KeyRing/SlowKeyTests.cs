using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.KeyRing;

/// <summary>A key that takes its time to open, such as one whose protection asks a vault.</summary>
public sealed class SlowKeyTests : IDisposable
{
    /// <summary>Only a test that fails waits for so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly KeyDirectory _directory = new();
    private readonly ManualResetEventSlim _vault = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _openings;

    [Fact]
    public async Task One_clients_slow_file_holds_up_no_other_client()
    {
        ReloadableSettings settings = new(("Dpop:KeyAlgorithm", "ES256"));
        await using RingBench bench = Bench(settings);
        string[] before = [bench.Ring.Get("process").Thumbprint, bench.Ring.Get("reloaded").Thumbprint];
        Task<DpopKey>[] slow = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(() => bench.Ring.Get("slow"), TaskCreationOptions.LongRunning))];
        await _asked.Task.WaitAsync(Patience);
        string[] after = await Task.Run(() =>
        {
            settings.Change(("Dpop:KeyAlgorithm", "ES384"));
            _ = bench.Ring.Get("file");
            return (string[])[bench.Ring.Rotate("process").Thumbprint, bench.Ring.Get("reloaded").Thumbprint];
        }).WaitAsync(Patience);
        Assert.All(before, thumbprint => Assert.DoesNotContain(thumbprint, after));
        Assert.All(slow, task => Assert.False(task.IsCompleted));
        _vault.Set();
        DpopKey[] keys = await Task.WhenAll(slow).WaitAsync(Patience);
        Assert.Single(keys.Distinct());
        Assert.Equal(1, _openings);
    }

    [Fact]
    public async Task Asynchronous_sends_wait_for_a_slow_file_together_and_hold_no_thread()
    {
        await using RingBench bench = Bench(new ReloadableSettings(("Dpop:KeyAlgorithm", "ES256")));
        using HttpClient client = bench.Client("slow");
        using CancellationTokenSource cancellation = new();

        // Each call comes back at once: a send that opened the file in place would never get as far as the next line.
        Task<HttpResponseMessage>[] sends = [.. Enumerable.Range(0, 50).Select(_ => client.GetAsync(RingBench.Api))];
        Task<HttpResponseMessage> cancelled = client.GetAsync(RingBench.Api, cancellation.Token);
        ValueTask<DpopKey> key = bench.Ring.GetAsync("slow");
        await _asked.Task.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));
        Assert.All(sends, send => Assert.False(send.IsCompleted));
        _vault.Set();
        foreach (HttpResponseMessage response in await Task.WhenAll(sends).WaitAsync(Patience))
        {
            response.Dispose();
        }

        Assert.Equal(1, _openings);
        string thumbprint = (await key).Thumbprint;
        Assert.All(bench.Proofs, proof => Assert.Equal(thumbprint, RingBench.SignerOf(proof)));
    }

    [Fact]
    public async Task What_one_does_with_the_key_holds_up_nobody_who_waited_as_well()
    {
        await using RingBench bench = Bench(new ReloadableSettings(("Dpop:KeyAlgorithm", "ES256")));
        using ManualResetEventSlim othersHaveIt = new();
        using CancellationTokenSource cancellation = new();
        async Task TakeAsync(Action then)
        {
            await bench.Ring.GetAsync("slow", cancellation.Token);
            then();
        }

        // Without the context of the test, which would let each go on by itself.
        (Task First, Task Second) takers = await Task.Run(() => (TakeAsync(() => Assert.True(othersHaveIt.Wait(Patience))), TakeAsync(othersHaveIt.Set)));
        await _asked.Task.WaitAsync(Patience);
        _vault.Set();
        await Task.WhenAll(takers.First, takers.Second);
    }

    [Fact]
    public async Task A_slow_file_that_cannot_be_opened_is_tried_again_by_the_next_send()
    {
        bool isThere = false;
        DpopKeyProtection vault = new(bytes => isThere ? bytes : throw new InvalidOperationException("The vault is closed."), bytes => bytes);
        await using RingBench bench = new(s => s.AddHttpClient("api").AddDpop(o => (o.KeyFile, o.KeyFileProtection) = (_directory["vault"], vault)));
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => bench.SignerAsync("api"));
        Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
        isThere = true;
        Assert.Equal(await bench.SignerAsync("api"), bench.Ring.Get("api").Thumbprint);
    }

    [Fact]
    public async Task The_container_ends_while_a_key_is_being_opened_and_the_key_ends_too()
    {
        RingBench bench = Bench(new ReloadableSettings(("Dpop:KeyAlgorithm", "ES256")));
        DpopKeyRing ring = bench.Ring;
        Task<DpopKey> slow = Task.Factory.StartNew(() => ring.Get("slow"), TaskCreationOptions.LongRunning);
        await _asked.Task.WaitAsync(Patience);
        await Task.Run(async () => await bench.DisposeAsync()).WaitAsync(Patience);
        _vault.Set();
        DpopKey key = await slow.WaitAsync(Patience);
        Assert.Throws<DpopException>(() => DpopProof.Create(key, HttpMethod.Get, RingBench.Api));
        Assert.Throws<ObjectDisposedException>(() => ring.Rotate("slow"));
    }

    public void Dispose()
    {
        _vault.Set();
        _vault.Dispose();
        _directory.Dispose();
    }

    private RingBench Bench(ReloadableSettings settings) => new(s =>
    {
        s.AddHttpClient("slow").AddDpop(o => (o.KeyFile, o.KeyFileProtection) = (_directory["slow"], new DpopKeyProtection(Slowly, Slowly)));
        s.AddHttpClient("process").AddDpop();
        s.AddHttpClient("file").AddDpop(o => o.KeyFile = _directory["file"]);
        s.AddHttpClient("reloaded").AddDpop(settings.Section());
    });

    private byte[] Slowly(byte[] bytes)
    {
        Interlocked.Increment(ref _openings);
        _asked.TrySetResult();
        _vault.Wait();
        return bytes;
    }
}
