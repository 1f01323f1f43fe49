using System.Net.WebSockets;
using DpopHttp;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace Microsoft.AspNetCore.SignalR.Client;

/// <summary>DPoP for a SignalR connection, whichever transport it takes.</summary>
public static class DpopConnectionExtensions
{
    /// <summary>
    /// Sets the handler, the token, and how WebSockets are opened: these go past the handler otherwise, and the token leaves as plain Bearer.
    /// </summary>
    public static void UseDpop(this HttpConnectionOptions options, DpopKey key, Func<Task<string?>> token)
    {
        options.AccessTokenProvider = token;
        options.HttpMessageHandlerFactory = primary => new DpopHandler(key) { InnerHandler = primary };
        options.WebSocketFactory = async (context, cancellationToken) =>
        {
            ClientWebSocket socket = new();
            socket.Options.SetRequestHeader("Authorization", $"DPoP {await token()}");
            HttpMessageInvoker invoker = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
            await socket.ConnectAsync(context.Uri, invoker, cancellationToken);
            return socket;
        };
    }
}
