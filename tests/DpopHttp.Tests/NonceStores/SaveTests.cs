using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.NonceStores;

/// <summary>When a nonce is saved and loaded, and who waits for it.</summary>
public class SaveTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_nonce_with_each_answer_is_saved_once_a_second(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.RotateEachResponse });
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        Shelf store = new();
        await using StoreBench process = new(store, time);
        await process.CallAsync(server.BaseAddress, async, times: 10);
        Assert.Single(store.Saved);
        time.Advance(TimeSpan.FromMilliseconds(999));
        await process.CallAsync(server.BaseAddress, async);
        Assert.Single(store.Saved);
        time.Advance(TimeSpan.FromMilliseconds(1));
        await process.CallAsync(server.BaseAddress, async);
        Assert.Equal(2, store.Saved.Count);
        await process.CallAsync(server.BaseAddress, async);
        Assert.Equal(server.Api.Requests[^1].Nonce, Assert.Single(store.Nonces).Value);
    }

    [Fact]
    public async Task A_nonce_that_stays_the_same_is_saved_once_and_not_at_the_next_start()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        Shelf store = new();
        for (int start = 0; start < 2; start++)
        {
            await using StoreBench process = new(store, time);
            for (int call = 0; call < 3; call++)
            {
                await process.CallAsync(server.BaseAddress, async: true);
                time.Advance(TimeSpan.FromSeconds(2));
            }
        }

        Assert.Single(store.Saved);
    }

    [Fact]
    public async Task No_request_is_kept_longer_than_its_call()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new SocketsHttpHandler(), new DpopOptions { NonceStore = new Shelf() });
        WeakReference body = await Task.Run(() => Post(client, server.BaseAddress));
        for (int i = 0; i < 600 && body.IsAlive; i++)
        {
            // The stack's own tasks let go a little later.
            await Task.Delay(50);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(body.IsAlive);
        GC.KeepAlive(client);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_that_gives_up_while_the_nonce_is_saved_has_its_answer(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously), ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Shelf store = new()
        {
            OnSave = _ =>
            {
                began.SetResult();
                return new(ends.Task);
            },
        };
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new SocketsHttpHandler(), new DpopOptions { NonceStore = store, TimeProvider = StoreBench.Unhurried });
        using CancellationTokenSource cancellation = new();
        HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress);
        request.Headers.Add("Authorization", "DPoP opaque");
        Task<HttpResponseMessage> call = client.SendAsync(request, async, cancellation.Token);
        await began.Task;
        Assert.False(call.IsCompleted);
        await cancellation.CancelAsync();
        using HttpResponseMessage response = await call.WaitAsync(Patience);
        Assert.Equal((HttpStatusCode.OK, 2), (response.StatusCode, server.Api.Requests.Count));
        Assert.Empty(store.Nonces);
        ends.SetResult();
        while (store.Nonces.IsEmpty)
        {
            await Task.Delay(5);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_caller_that_gives_up_while_the_nonce_is_loaded_sends_nothing_and_others_have_it(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf store = new();
        await using (StoreBench first = new(store))
        {
            await first.CallAsync(server.BaseAddress, async);
        }

        int before = server.Api.Requests.Count;
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<string?> ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        store.OnLoad = _ =>
        {
            began.SetResult();
            return new(ends.Task);
        };
        await using StoreBench second = new(store);
        using CancellationTokenSource cancellation = new();
        Task<HttpResponseMessage> leaves = second.SendAsync(server.BaseAddress, async, cancellationToken: cancellation.Token);
        await began.Task;
        Task stays = second.CallAsync(server.BaseAddress, async);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves.WaitAsync(Patience));
        Assert.Equal(before, server.Api.Requests.Count);
        ends.SetResult(store.Nonces.Single().Value);
        await stays.WaitAsync(Patience);
        Assert.Equal(before + 1, server.Api.Requests.Count);
    }

    [Fact]
    public async Task Nobody_else_waits_while_a_nonce_is_saved()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously), ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Shelf store = new()
        {
            OnSave = _ =>
            {
                began.SetResult();
                return new(ends.Task);
            },
        };
        await using StoreBench process = new(store);
        Task first = process.CallAsync(server.BaseAddress, async: true);
        await began.Task;
        await process.CallAsync(server.BaseAddress, async: true, times: 3).WaitAsync(Patience);
        Assert.False(first.IsCompleted);
        ends.SetResult();
        await first.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_nonce_that_was_learnt_while_the_store_was_asked_wins()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        using DpopKey key = DpopKey.Generate();
        TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<string?> ends = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Shelf store = new()
        {
            OnLoad = _ =>
            {
                began.SetResult();
                return new(ends.Task);
            },
        };
        using HttpClient waits = key.Client(new DpopOptions { NonceStore = store, TimeProvider = StoreBench.Unhurried }), goes = key.Client();
        Task<HttpResponseMessage> waiting = waits.GetAsync(server.BaseAddress, async: true, "DPoP opaque");
        await began.Task;
        using HttpResponseMessage learns = await goes.GetAsync(server.BaseAddress, async: true, "DPoP opaque");
        ends.SetResult("old");
        using HttpResponseMessage response = await waiting.WaitAsync(Patience);
        Assert.Equal([null, server.Api.Requests[1].Nonce, server.Api.Requests[1].Nonce], server.Api.Requests.Select(r => r.Nonce));
    }

    /// <summary>As in a program with windows: Send holds the one thread, and what the store awaits would come back to it.</summary>
    [Fact]
    public async Task A_synchronous_send_on_a_thread_with_a_context_doesnt_wait_for_itself()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf store = new()
        {
            OnLoad = async _ =>
            {
                await Task.Yield();
                return null;
            },
            OnSave = async _ => await Task.Yield(),
        };
        await using StoreBench process = new(store);
        Task<HttpResponseMessage> call = Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(new OneThread());
                using HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress);
                request.Headers.Add("Authorization", "DPoP opaque");
                return process.Client.Send(request);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        using HttpResponseMessage response = await call.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Single(store.Nonces);
        Assert.Empty(process.Failures);
    }

    /// <summary>Nobody runs what is posted while the thread is busy.</summary>
    private sealed class OneThread : SynchronizationContext
    {
        private readonly ConcurrentQueue<SendOrPostCallback> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue(d);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Post(HttpMessageInvoker client, Uri uri)
    {
        byte[] body = new byte[100_000];
        using HttpRequestMessage request = new(HttpMethod.Post, uri) { Content = new ByteArrayContent(body) };
        request.Headers.Add("Authorization", "DPoP opaque");
        using HttpResponseMessage response = client.Send(request, CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new WeakReference(body);
    }
}
