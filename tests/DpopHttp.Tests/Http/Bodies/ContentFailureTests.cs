using System.Net;
using System.Net.Sockets;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tests.Http.Bodies;

/// <summary>What becomes of a send whose body, or whose connection, fails half-way.</summary>
public class ContentFailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_content_that_writes_in_place_ends_with_its_connection()
    {
        // The server resets the connection when the first bytes are there; the content then writes on, beyond what is kept.
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using ManualResetEventSlim isReset = new();
        Task resetting = Task.Run(async () =>
        {
            using Socket socket = await listener.AcceptSocketAsync();
            await socket.ReceiveAsync(new byte[16]);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
            isReset.Set();
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        client.DefaultRequestHeaders.ExpectContinue = false;
        InPlaceContent content = new(stream =>
        {
            stream.Write(new byte[1000]);
            stream.Flush();
            isReset.Wait(Patience);
            for (int i = 0; i < 100; i++)
            {
                stream.Write(new byte[4000]);
            }
        });

        Task<HttpResponseMessage> sending = Task.Run(() => client.PostAsync(new Uri($"http://{listener.LocalEndpoint}/"), content));
        await Assert.ThrowsAsync<HttpRequestException>(() => sending.WaitAsync(Patience));
        await resetting;
        Assert.IsType<IOException>(await content.Ended.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_connection_that_the_stack_has_disposed_is_a_lost_one_to_the_content()
    {
        using BufferedStream connection = new(Stream.Null);
        using DpopKey key = DpopKey.Generate();
        StubHandler stack = new(sent =>
        {
            sent.Content!.CopyToAsync(connection).GetAwaiter().GetResult();
            return new HttpResponseMessage(HttpStatusCode.OK);
        });
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = stack });
        InPlaceContent content = new(stream =>
        {
            stream.Write(new byte[200_000]);
            connection.Dispose();
            stream.Write(new byte[1]);
        });
        using HttpRequestMessage request = new(HttpMethod.Post, "http://127.0.0.1/") { Content = content };
        request.Headers.ExpectContinue = false;
        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request));
        IOException lost = Assert.IsType<IOException>(await content.Ended.WaitAsync(Patience));
        Assert.IsType<ObjectDisposedException>(lost.InnerException);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_its_source_cancels_is_cancelled_and_not_a_lost_connection(bool async)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null));
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress);
        request.Headers.ExpectContinue = false;
        request.Content = new InPlaceContent(_ => source.Token.ThrowIfCancellationRequested());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SendAsync(request, async));
    }

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_source_that_waits_ends_with_the_request_that_its_caller_cancels(HttpProtocols protocols)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null), protocols);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = WaitingRequest(server, protocols, out WaitingContent content);
        using CancellationTokenSource cancellation = new();
        Task<HttpResponseMessage> sending = client.SendAsync(request, cancellation.Token);
        await content.Begun.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await content.Ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_source_that_waits_ends_with_the_answer_that_its_caller_disposes()
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(
            async context =>
            {
                await context.Response.Body.FlushAsync();
                await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
            },
            HttpProtocols.Http2);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = WaitingRequest(server, HttpProtocols.Http2, out WaitingContent content);
        using (HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await content.Begun.WaitAsync(Patience);
            Assert.False(content.Ended.IsCompleted);
        }

        await content.Ended.WaitAsync(Patience);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_handler_derived_from_the_platforms_adds_is_not_on_the_replay_twice(bool async)
    {
        List<string> signatures = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            signatures.Add(context.Request.Headers["X-Signature"].ToString());
            bool accepts = DecodedProof.Nonce(context.Request.Headers["DPoP"].Single()) == "n1";
            context.Response.StatusCode = accepts ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
            context.Response.Headers["DPoP-Nonce"] = "n1";
            context.Response.Headers.WWWAuthenticate = accepts ? default : "DPoP error=\"use_dpop_nonce\"";
            return Task.CompletedTask;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = new SigningHandler() });
        using HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress);
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["s", "s"], signatures);
    }

    private static HttpRequestMessage WaitingRequest(LoopbackServer server, HttpProtocols protocols, out WaitingContent content)
    {
        HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress) { Content = content = new WaitingContent() };
        request.Headers.ExpectContinue = false;
        (request.Version, request.VersionPolicy) = (protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11, HttpVersionPolicy.RequestVersionExact);
        return request;
    }

    /// <summary>Sends a byte, and then has nothing more until it is cancelled.</summary>
    private sealed class WaitingContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously), _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task Ended => _ended.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            try
            {
                await stream.WriteAsync(new byte[1], cancellationToken);
                await stream.FlushAsync(cancellationToken);
                _begun.SetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                _ended.SetResult();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class InPlaceContent(Action<Stream> write) : HttpContent
    {
        private readonly TaskCompletionSource<Exception?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>What the writing ended with.</summary>
        public Task<Exception?> Ended => _ended.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            SerializeToStream(stream, context, default);
            return Task.CompletedTask;
        }

        protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            try
            {
                write(stream);
                _ended.TrySetResult(null);
            }
            catch (Exception exception)
            {
                _ended.TrySetResult(exception);
                throw;
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class SigningHandler : HttpClientHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Signature", "s");
            return base.Send(request, cancellationToken);
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Signature", "s");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
