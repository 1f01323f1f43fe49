using System.Net.WebSockets;
using System.Text;
using DpopHttp.Integrations.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Integrations.Tests.Streams;

public class ClientWebSocketTests
{
    [Fact]
    public async Task A_socket_opens()
    {
        await using Gate gate = await Gate.StartAsync(app =>
        {
            app.UseWebSockets();
            app.MapGet("/orders", EchoAsync);
        });
        Uri address = new UriBuilder(gate.Address) { Scheme = "ws", Path = "orders" }.Uri;
        using DpopKey key = DpopKey.Generate();
        string accessToken = "opaque";
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await gate.AssertOneChallengeForEachNonceAsync(async () =>
        {
            using HttpMessageInvoker invoker = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
            using ClientWebSocket socket = new();
            socket.Options.SetRequestHeader("Authorization", $"DPoP {accessToken}");
            await socket.ConnectAsync(address, invoker, cancellationToken);

            await socket.SendAsync(Encoding.UTF8.GetBytes("books"), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            byte[] buffer = new byte[16];
            WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, cancellationToken);
            Assert.Equal("books", Encoding.UTF8.GetString(buffer, 0, result.Count));
        });
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[16];
        WebSocketReceiveResult result = await socket.ReceiveAsync(buffer, context.RequestAborted);
        await socket.SendAsync(buffer.AsMemory(0, result.Count), WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
    }
}
