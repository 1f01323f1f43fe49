using System.Net;
using DpopHttp.Origins;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.Http;

public class ColdStartTests
{
    private static readonly Uri Api = new("https://api.example.com/");

    [Theory]
    [InlineData(NonceMode.Steady, true)]
    [InlineData(NonceMode.Steady, false)]
    [InlineData(NonceMode.OnChallengeOnly, true)]
    public async Task A_hundred_first_requests_at_once_cost_one_more(NonceMode nonces, bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = nonces });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(Patient);
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.GetAsync(new Uri(server.BaseAddress, $"/{i}"), async, "DPoP opaque")));
        Assert.All(responses, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        Assert.Equal(101, server.Api.Requests.Count);
    }

    [Fact]
    public async Task A_hundred_first_requests_at_once_to_a_server_without_nonces_cost_none_more()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.None });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(Patient);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => client.GetAsync(server.BaseAddress, async: true, "DPoP opaque")));
        Assert.Equal(100, server.Api.Requests.Count);
    }

    [Fact]
    public async Task Each_call_succeeds_where_each_nonce_is_good_for_one_request()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.OneTime });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(Patient);
        for (int round = 0; round < 5; round++)
        {
            HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.GetAsync(server.BaseAddress, async: true, "DPoP opaque")));
            Assert.All(responses, r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        }

        Assert.InRange(server.Api.Requests.Count, 201, 400);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sixteen_callers_at_a_server_with_one_time_nonces_cost_little_more_than_their_calls(bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.OneTime });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(Patient);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < 25; i++)
            {
                using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        })));
        Assert.InRange(server.Api.Requests.Count, 401, 440);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_request_that_hangs_holds_nobody_longer_than_a_second(bool async)
    {
        FakeTimeProvider time = new();
        using DpopKey key = DpopKey.Generate();
        Gate gate = new(HangFirst: 1);
        using HttpMessageInvoker client = key.Invoker(gate, new DpopOptions { TimeProvider = time });
        Task<HttpResponseMessage> first = client.GetAsync(Api, async);
        await gate.Arrived(1);
        Task<HttpResponseMessage>[] others = [.. Enumerable.Range(0, 5).Select(_ => client.GetAsync(Api, async))];

        time.Advance(TimeSpan.FromMilliseconds(999));
        await Task.Delay(50);
        Assert.Equal(1, gate.Count);
        await AdvanceUntil(time, Task.WhenAll(others));
        Assert.Equal(6, gate.Count);

        // Somebody has had an answer: the next does not wait at all.
        using HttpResponseMessage next = await client.GetAsync(Api, async);
        Assert.Equal(7, gate.Count);
        gate.Open();
        using HttpResponseMessage late = await first;
    }

    [Fact]
    public async Task Who_arrives_when_the_first_request_has_hung_for_long_does_not_wait()
    {
        FakeTimeProvider time = new();
        using DpopKey key = DpopKey.Generate();
        Gate gate = new(HangFirst: 2);
        using HttpMessageInvoker client = key.Invoker(gate, new DpopOptions { TimeProvider = time });
        Task<HttpResponseMessage> first = client.GetAsync(Api, async: true);
        await gate.Arrived(1);
        time.Advance(TimeSpan.FromSeconds(2));
        Task<HttpResponseMessage> second = client.GetAsync(Api, async: true);
        await gate.Arrived(2);
        gate.Open();
        await Task.WhenAll(first, second);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_request_that_fails_or_is_cancelled_hands_the_lead_on(bool cancelled)
    {
        using DpopKey key = DpopKey.Generate();
        Gate gate = new(HangFirst: 2);
        FakeTimeProvider time = new();
        using HttpMessageInvoker client = key.Invoker(gate, new DpopOptions { TimeProvider = time });
        using CancellationTokenSource cancellation = new();
        Task<HttpResponseMessage> first = client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Api), async: true, cancellation.Token);
        await gate.Arrived(1);
        Task<HttpResponseMessage>[] others = [.. Enumerable.Range(0, 5).Select(_ => client.GetAsync(Api, async: true))];
        await Task.Delay(20);
        Assert.Equal(1, gate.Count);
        if (cancelled)
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        }
        else
        {
            gate.Fail();
            await Assert.ThrowsAsync<HttpRequestException>(() => first);
        }

        // One of the others leads now, and the rest wait for it.
        await gate.Arrived(2);
        await Task.Delay(20);
        Assert.Equal(2, gate.Count);
        gate.Open();
        await Task.WhenAll(others);
        Assert.Equal(6, gate.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_waiter_leaves_at_once(bool async)
    {
        using DpopKey key = DpopKey.Generate();
        Gate gate = new(HangFirst: 1);
        using HttpMessageInvoker client = key.Invoker(gate, new DpopOptions { TimeProvider = new FakeTimeProvider() });
        Task<HttpResponseMessage> first = client.GetAsync(Api, async: true);
        await gate.Arrived(1);
        using CancellationTokenSource cancellation = new();
        Task<HttpResponseMessage> waiter = client.SendAsync(new HttpRequestMessage(HttpMethod.Get, Api), async, cancellation.Token);
        await Task.Delay(20);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiter);
        Assert.Equal(1, gate.Count);
        gate.Open();
        using HttpResponseMessage response = await first;
    }

    [Fact]
    public async Task The_lead_is_handed_on_until_somebody_has_an_answer()
    {
        FakeTimeProvider time = new();
        ColdStart start = new();
        Assert.True(await start.EnterAsync(time, async: true, CancellationToken.None));
        Task<bool>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => start.EnterAsync(time, async: true, CancellationToken.None).AsTask())];
        for (int handed = 0; handed < 9; handed++)
        {
            start.LetNextLead();
            Task<bool> leader = await Task.WhenAny(waiting);
            Assert.True(await leader);
            waiting = [.. waiting.Where(w => w != leader)];
        }

        start.End();
        Assert.False(await waiting.Single());
        Assert.False(await start.EnterAsync(time, async: true, CancellationToken.None));
    }

    /// <summary>The one second is not to run out on a busy machine.</summary>
    private static DpopOptions Patient => new() { TimeProvider = new StoppedTimers() };

    private static async Task AdvanceUntil(FakeTimeProvider time, Task done)
    {
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1);
        }

        await done;
    }

    /// <summary>Holds the first requests until it is opened.</summary>
    private sealed class Gate(int HangFirst) : HttpMessageHandler
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _firstFails = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Open() => _open.TrySetResult();

        public void Fail() => _firstFails.TrySetException(new HttpRequestException("The connection was lost."));

        public async Task Arrived(int count)
        {
            while (Count < count)
            {
                await Task.Delay(5);
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            int number = Interlocked.Increment(ref _count);
            if (number <= HangFirst)
            {
                await await Task.WhenAny(_open.Task, number == 1 ? _firstFails.Task : _open.Task).WaitAsync(cancellationToken);
            }

            return new HttpResponseMessage(HttpStatusCode.OK) { RequestMessage = request };
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
            SendAsync(request, cancellationToken).GetAwaiter().GetResult();
    }
}
