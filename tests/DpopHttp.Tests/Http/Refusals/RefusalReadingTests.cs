using System.Net;
using System.Net.Sockets;
using System.Text;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Http.Refusals;

/// <summary>Refusals as real servers write them, on a real socket: how many requests one call costs, and what the caller gets.</summary>
public class RefusalReadingTests
{
    /// <summary>Status, WWW-Authenticate (or none), body, and the requests of one call.</summary>
    public static TheoryData<int, string?, string, int> Shapes => new()
    {
        // A line that the platform drops as malformed, but whose meaning is plain.
        { 400, "DPoP error=\"use_dpop_nonce\", error_description=\"the \"nonce\" claim is missing\"", "", 2 },
        { 400, "DPoP error=\"invalid_request\", error_description=\"the \"nonce\" is \"use_dpop_nonce\" \"", "", 1 },
        { 401, "DPoP error=\"invalid_token\", error_description=\"a \"token\" that is old\"", "", 1 },
        { 401, "DPoP error=\"use_dpop_nonce\" error_description=\"no comma between\"", "", 2 },

        // JSON with a byte order mark.
        { 400, null, "\uFEFF{\"error\":\"use_dpop_nonce\"}", 2 },
        { 400, null, "\uFEFF{\"error\":\"invalid_grant\"}", 1 },

        // An error of another scheme, or of the body only, is an error.
        { 401, "Bearer error=\"invalid_token\"", "", 1 },
        { 401, "Bearer realm=\"api\", error=\"invalid_token\", DPoP algs=\"ES256\"", "", 1 },
        { 401, "Bearer realm=\"api\", DPoP error=\"use_dpop_nonce\"", "", 2 },
        { 401, null, "{\"error\":\"invalid_client\"}", 1 },
        { 401, "Basic realm=\"token\"", "{\"error\":\"invalid_client\"}", 1 },
        { 401, "DPoP", "{\"error\":\"use_dpop_nonce\"}", 2 },
        { 401, null, "{\"message\":\"no error member\"}", 2 },
        { 401, null, "not JSON at all", 2 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_refusal_is_read_as_it_comes(int status, string? challenge, string body, int expected)
    {
        foreach (bool async in (bool[])[true, false])
        {
            int requests = 0;
            await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
            {
                if (Interlocked.Increment(ref requests) > 1)
                {
                    return;
                }

                context.Response.StatusCode = status;
                context.Response.Headers["DPoP-Nonce"] = "n1";
                context.Response.ContentType = "application/json";
                if (challenge is not null)
                {
                    context.Response.Headers.WWWAuthenticate = challenge;
                }

                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
            });
            using DpopKey key = DpopKey.Generate();
            using HttpClient client = key.Client();
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
            Assert.Equal(expected, requests);
            if (expected == 1)
            {
                Assert.Equal(body, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()));
            }
        }
    }

    [Theory]
    [InlineData("{\"error\":\"use_dpop_nonce\"}", 2, true)]
    [InlineData("{\"error\":\"use_dpop_nonce\"}", 2, false)]
    [InlineData("{\"error\":\"invalid_request\"}", 1, true)]
    [InlineData("{\"a\":", 1, true)]
    [InlineData("{\"a\":", 1, false)]
    public async Task A_400_whose_body_does_not_end_is_read_only_as_far_as_its_value_goes(string beginning, int expected, bool async)
    {
        int requests = 0;
        TaskCompletionSource finish = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref requests) > 1)
            {
                return;
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.Headers["DPoP-Nonce"] = "n1";
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(beginning));
            await context.Response.Body.FlushAsync();
            await Task.WhenAny(finish.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
            await context.Response.Body.WriteAsync("the rest"u8.ToArray());
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress) { Headers = { { "Authorization", "DPoP opaque" } } };
        using HttpResponseMessage response = async
            ? await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
            : await Task.Factory.StartNew(() => client.Send(request, HttpCompletionOption.ResponseHeadersRead), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        finish.SetResult();
        Assert.Equal(expected, requests);
        if (expected == 1)
        {
            // The caller reads all of it, as if nobody had looked.
            Assert.Equal(beginning + "the rest", await response.Content.ReadAsStringAsync());

            // The nonce was learnt all the same.
            using HttpResponseMessage next = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
            Assert.Equal(2, requests);
        }
    }

    [Fact]
    public async Task A_400_whose_body_breaks_off_is_the_callers_as_the_stack_gave_it()
    {
        TaskCompletionSource breakOff = new();
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.Headers["DPoP-Nonce"] = "n1";
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync("{\"a\":"u8.ToArray());
            await context.Response.Body.FlushAsync();
            await breakOff.Task;
            context.Abort();
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress);
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        breakOff.SetResult();
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_connection_whose_answer_is_still_being_read_serves_no_other_request()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Uri uri = new($"http://{listener.LocalEndpoint}/");
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        Task<HttpResponseMessage> sending = client.GetAsync(uri);
        using TcpClient first = await AcceptAsync(listener);
        await WriteAsync(first, "HTTP/1.1 401 Unauthorized\r\nDPoP-Nonce: n1\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{");

        // The body does not go on, so that the replay comes without it; now the rest is there, for the read that was under way.
        using TcpClient second = await AcceptAsync(listener);
        await WriteAsync(first, new string(' ', 19));
        await WriteAsync(second, Ok);
        using HttpResponseMessage response = await sending;
        Task<HttpResponseMessage> one = client.GetAsync(uri), other = client.GetAsync(uri);
        int onFirst = await first.GetStream().ReadAsync(new byte[1]).AsTask().ContinueWith(read => read.IsCompletedSuccessfully ? read.Result : 0, TaskScheduler.Default);
        Assert.Equal(0, onFirst);
        using TcpClient third = await AcceptAsync(listener);
        await WriteAsync(third, Ok);
        await WriteAsync(second, Ok);
        Assert.All(await Task.WhenAll(one, other), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
    }

    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /// <summary>The next connection, when the head of its first request is there.</summary>
    private static async Task<TcpClient> AcceptAsync(TcpListener listener)
    {
        TcpClient client = await listener.AcceptTcpClientAsync();
        string head = "";
        byte[] part = new byte[4096];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head += Encoding.ASCII.GetString(part, 0, await client.GetStream().ReadAsync(part));
        }

        return client;
    }

    /// <summary>A connection that the client has closed takes nothing.</summary>
    private static Task WriteAsync(TcpClient client, string text) =>
        client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
}
