using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Http;

/// <summary>A request message is in one send at a time.</summary>
public class RequestLeaseTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_send_at_the_same_time_is_an_error_and_the_first_keeps_its_proof(bool async)
    {
        TaskCompletionSource arrived = new(), answer = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            arrived.TrySetResult();
            await answer.Task;
            context.Response.StatusCode = context.Request.Headers["DPoP"].Count == 1 ? 200 : 400;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker invoker = key.Invoker(new SocketsHttpHandler());
        HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress) { Headers = { { "Authorization", "Bearer opaque" } } };
        Task<HttpResponseMessage> first = invoker.SendAsync(request, async);
        await arrived.Task;
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => invoker.SendAsync(request, async).WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(DpopErrorCodes.RequestInUse, exception.Code);
        Assert.Equal("DPoP opaque", request.Headers.Authorization!.ToString());

        // A copy that was made meanwhile, options and all, is another request.
        HttpRequestMessage copy = new(HttpMethod.Get, server.BaseAddress);
        foreach ((string name, object? value) in request.Options)
        {
            copy.Options.Set(new HttpRequestOptionsKey<object?>(name), value);
        }

        Task<HttpResponseMessage> ofCopy = invoker.SendAsync(copy, async);
        answer.SetResult();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await first).StatusCode, (await ofCopy).StatusCode));

        // One after the other is what retry handlers do.
        using HttpResponseMessage again = await invoker.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal("Bearer opaque", request.Headers.Authorization!.ToString());
    }

    /// <summary>Whoever stops waiting leaves the scope of its request, and the send goes on.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("replayable")]
    [InlineData("one-shot")]
    [InlineData("factory")]
    public async Task A_request_that_is_disposed_while_it_is_under_way_has_its_answer_and_is_let_go(string kind)
    {
        TaskCompletionSource arrived = new(), answer = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            arrived.TrySetResult();
            await answer.Task;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker invoker = key.Invoker(new SocketsHttpHandler());
        DisposableContent content = new();
        HttpRequestMessage request = new(kind == "none" ? HttpMethod.Get : HttpMethod.Post, server.BaseAddress) { Headers = { { "Authorization", "Bearer opaque" } } };
        request.Headers.ExpectContinue = false;
        request.Content = kind switch
        {
            "replayable" => new ByteArrayContent(new byte[10]),
            "one-shot" => content,
            _ => null,
        };
        if (kind == "factory")
        {
            request.SetDpopContentFactory(() => content);
        }

        Task<HttpResponseMessage> sending = invoker.SendAsync(request, CancellationToken.None);
        await arrived.Task;
        request.Dispose();
        answer.SetResult();
        using HttpResponseMessage response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("Bearer opaque", request.Headers.Authorization!.ToString());
        Assert.Equal(kind is "one-shot" or "factory", content.IsDisposed);

        // It isn't held any more, whatever else becomes of a disposed request.
        Exception? second = await Record.ExceptionAsync(() => invoker.SendAsync(request, CancellationToken.None));
        Assert.IsNotType<DpopException>(second);
    }

    private sealed class DisposableContent : HttpContent
    {
        public bool IsDisposed { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(new byte[10]).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 10;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
