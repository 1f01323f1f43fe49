using System.Net.WebSockets;
using System.Text;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DpopHttp.Tool.Tests.Proxies;

/// <summary>WebSockets through dpop proxy, to an API that demands token, proof and nonce and sends back what it is sent.</summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private LoopbackServer _api = null!;
    private int _challenges;

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        WebSocketMiddleware sockets = new(EchoAsync, Options.Create(new WebSocketOptions()), NullLoggerFactory.Instance);
        _api = await LoopbackServer.StartAsync(context =>
        {
            string proof = context.Request.Headers["DPoP"].ToString();
            if (context.Request.Headers.Authorization == "DPoP t" && proof.Split('.') is [_, var claims, _]
                && Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(claims)).Contains("the-nonce", StringComparison.Ordinal))
            {
                return sockets.Invoke(context);
            }

            _challenges++;
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
            context.Response.Headers["DPoP-Nonce"] = "the-nonce";
            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task Messages_go_both_ways_until_the_socket_is_closed()
    {
        await using RunningTool proxy = await _bench.StartAsync("proxy", "--to", _api.BaseAddress.AbsoluteUri, "--port", "0", "--token", "t");
        using ClientWebSocket socket = new();
        socket.Options.AddSubProtocol("echo");
        await socket.ConnectAsync(new Uri(proxy.Url.Replace("http://", "ws://", StringComparison.Ordinal) + "echo"), TestContext.Current.CancellationToken);
        Assert.Equal("echo", socket.SubProtocol);
        byte[] received = new byte[100_000];
        foreach (int length in (int[])[1, 100_000, 5])
        {
            byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
            await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);
            int count = 0;
            for (bool isWhole = false; !isWhole;)
            {
                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(received.AsMemory(count), TestContext.Current.CancellationToken);
                (count, isWhole) = (count + part.Count, part.EndOfMessage);
            }

            Assert.Equal(sent, received.AsSpan(0, count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Equal(1, _challenges);
    }

    [Fact]
    public async Task A_web_page_of_another_origin_gets_none()
    {
        await using RunningTool proxy = await _bench.StartAsync("proxy", "--to", _api.BaseAddress.AbsoluteUri, "--port", "0", "--token", "t");
        using ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Origin", "https://attacker.example");
        await Assert.ThrowsAsync<WebSocketException>(
            () => socket.ConnectAsync(new Uri(proxy.Url.Replace("http://", "ws://", StringComparison.Ordinal)), TestContext.Current.CancellationToken));
        Assert.Equal(0, _challenges);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync("echo");
        byte[] buffer = new byte[64 * 1024];
        ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
        while (part.MessageType != WebSocketMessageType.Close)
        {
            await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
            part = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
    }
}
