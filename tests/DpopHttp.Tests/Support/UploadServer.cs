using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tests.Support;

/// <summary>Demands a nonce, and refuses either before it reads the body or after; keeps the bodies that it accepted.</summary>
internal sealed class UploadServer : IAsyncDisposable
{
    private readonly bool _readsFirst;
    private LoopbackServer _server = null!;
    private volatile string _nonce = "nonce-1";
    private int _requests;

    private UploadServer(HttpProtocols protocols, bool readsFirst)
    {
        _readsFirst = readsFirst;
        Version = protocols == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
    }

    public Uri Uri => _server.BaseAddress;

    public Version Version { get; }

    public int Requests => Volatile.Read(ref _requests);

    public List<byte[]> Accepted { get; } = [];

    public static async Task<UploadServer> StartAsync(HttpProtocols protocols, bool readsFirst)
    {
        UploadServer server = new(protocols, readsFirst);
        server._server = await LoopbackServer.StartAsync(server.HandleAsync, protocols);
        return server;
    }

    public void RotateNonce() => _nonce += "x";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        bool accepts = DecodedProof.Nonce(context.Request.Headers["DPoP"].Single()) == _nonce;
        if (accepts || _readsFirst)
        {
            MemoryStream body = new();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (accepts)
            {
                lock (Accepted)
                {
                    Accepted.Add(body.ToArray());
                }
            }
        }

        context.Response.Headers["DPoP-Nonce"] = _nonce;
        if (!accepts)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
        }
    }
}
