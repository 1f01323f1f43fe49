using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Http.Bodies;

/// <summary>Whoever makes a body or a request disposes it, and a response that is not handed back holds no connection.</summary>
public class BodyOwnershipTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_content_factory_is_called_once_for_each_send_also_across_a_redirect(bool async)
    {
        int requests = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = Interlocked.Increment(ref requests) == 1 ? StatusCodes.Status307TemporaryRedirect : StatusCodes.Status200OK;
            context.Response.Headers.Location = "/there";
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        List<Probe> made = [];
        using (HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress))
        {
            request.SetDpopContentFactory(() =>
            {
                made.Add(new Probe());
                return made[^1];
            });
            using HttpResponseMessage response = await client.SendAsync(request, async);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal((2, 2), (requests, made.Count));
        }

        Assert.All(made, probe => Assert.True(probe.IsDisposed));
    }

    [Theory]
    [InlineData("a host name that cannot be encoded", true)]
    [InlineData("a host name that cannot be encoded", false)]
    [InlineData("a factory that throws", true)]
    [InlineData("a factory that throws", false)]
    public async Task A_redirect_whose_following_fails_costs_no_connection(string fault, bool async)
    {
        TaskCompletionSource end = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            if (context.Request.Path == "/start")
            {
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = fault.StartsWith("a host", StringComparison.Ordinal) ? "http://xn--%C3%A9.example/" : "/next";
                await context.Response.Body.WriteAsync(new byte[100]);
                await context.Response.Body.FlushAsync();
                await end.Task.WaitAsync(context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client(primary: new SocketsHttpHandler { MaxConnectionsPerServer = 4 });
        for (int i = 0; i < 10; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new Uri(server.BaseAddress, "/start"));
            int calls = 0;
            request.SetDpopContentFactory(() => ++calls > 1 ? throw new InvalidOperationException("no more") : new StringContent("x"));
            try
            {
                using HttpResponseMessage answer = await SendHeadersAsync(client, request, async);
                Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
            }
            catch (InvalidOperationException exception)
            {
                Assert.Equal("no more", exception.Message);
            }
        }

        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async).WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        end.SetResult();
    }

    /// <summary>The body of the redirect does not end: only its headers are awaited.</summary>
    private static Task<HttpResponseMessage> SendHeadersAsync(HttpClient client, HttpRequestMessage request, bool async) => async
        ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
        : Task.Factory.StartNew(() => client.Send(request, HttpCompletionOption.ResponseHeadersRead), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Probe() : ByteArrayContent([1, 2, 3])
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
