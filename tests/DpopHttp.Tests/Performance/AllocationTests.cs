using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using DpopHttp.Tests.Docs;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Performance;

/// <summary>Bytes that are allocated for one proof, and for one request on its way through the handler: they are the same on each machine, times are not.</summary>
[Collection(Alone.Name)]
public class AllocationTests
{
    private const int Rounds = 200;

    /// <summary>An asynchronous method of a debug build is an object of its own.</summary>
    private static readonly int Most = typeof(DpopHandler).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled ? 2_100 : 2_000;

    private static readonly Uri Api = new("https://api.example.com/v1/orders/4711?expand=items");
    private static readonly string Token = new('t', 1024);
    private static readonly string Nonce = new('n', 43);

    [Fact]
    public void A_proof_with_token_and_nonce_allocates_little_more_than_its_text()
    {
        using DpopKey key = DpopKey.Generate();
        long bytes = PerRound(() => DpopProof.Create(key, HttpMethod.Get, Api, Token, Nonce));
        Assert.InRange(bytes, 1, 1_350);
    }

    /// <summary>How the caller sets the Authorization field, and the most that the handler may add to the bare pipeline.</summary>
    [Theory]
    [InlineData("text", true)]
    [InlineData("text", false)]
    [InlineData("bearer text", true)]
    [InlineData("none", true)]
    public void A_request_through_the_handler_allocates_at_most_2000_bytes_more(string authorization, bool waits)
    {
        using DpopKey key = DpopKey.Generate();
        using WaitingHandler bareEnd = new(), end = new();
        using HttpMessageInvoker bare = new(bareEnd), dpop = key.Invoker(end);
        long without = PerRound(() => Send(bare, bareEnd, authorization, waits));
        long with = PerRound(() => Send(dpop, end, authorization, waits));
        Assert.InRange(with - without, 1, Most);
    }

    /// <summary>Over a socket, where the platform prints a field that is an object: a synchronous send does all of it on the thread of the test.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_over_a_socket_allocates_at_most_2000_bytes_more_whatever_form_its_field_has(bool isObject)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker bare = new(new SocketsHttpHandler { AllowAutoRedirect = false }), dpop = key.Invoker(new SocketsHttpHandler());
        AuthenticationHeaderValue field = new("DPoP", Token);
        void SendOver(HttpMessageInvoker invoker)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress);
            if (isObject)
            {
                request.Headers.Authorization = field;
            }
            else
            {
                request.Headers.TryAddWithoutValidation("Authorization", DpopField);
            }

            using HttpResponseMessage response = invoker.Send(request, CancellationToken.None);
        }

        long without = PerRound(() => SendOver(bare)), with = PerRound(() => SendOver(dpop));
        Assert.InRange(with - without, 1, Most);
    }

    private static void Send(HttpMessageInvoker invoker, WaitingHandler end, string authorization, bool waits)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Api);
        if (authorization != "none")
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization == "text" ? DpopField : BearerField);
        }

        end.Waits = waits;
        Task<HttpResponseMessage> sending = invoker.SendAsync(request, CancellationToken.None);
        end.Answer();
        Assert.True(sending.IsCompletedSuccessfully);
        sending.Result.Dispose();
    }

    private static readonly string DpopField = $"DPoP {Token}";
    private static readonly string BearerField = $"Bearer {Token}";

    /// <summary>The median: a round may fall on a collection's bookkeeping, or on code that is compiled anew.</summary>
    private static long PerRound(Action round)
    {
        long[] bytes = new long[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            round();
            bytes[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Array.Sort(bytes);
        return bytes[Rounds / 2];
    }

    /// <summary>Answers on the thread of the test, at once or when told to, so that all of a request is allocated there.</summary>
    private sealed class WaitingHandler : HttpMessageHandler
    {
        private TaskCompletionSource<HttpResponseMessage>? _pending;

        public bool Waits { get; set; }

        public void Answer()
        {
            if (_pending is { } pending)
            {
                _pending = null;
                pending.SetResult(new HttpResponseMessage(HttpStatusCode.OK));
            }
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (!Waits)
            {
                return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
            }

            _pending = new TaskCompletionSource<HttpResponseMessage>();
            return _pending.Task;
        }
    }
}
