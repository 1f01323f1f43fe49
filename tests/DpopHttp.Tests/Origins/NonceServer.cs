using DpopHttp.Tests.KeyRing;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tests.Origins;

/// <summary>Demands its nonce, and gives it with every response. The nonce may be a key's own, or that of requests with a token.</summary>
internal sealed class NonceServer : IAsyncDisposable
{
    private LoopbackServer _server = null!;
    private int _step;
    private int _requests;

    public Uri Uri => _server.BaseAddress;

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<NonceServer> StartAsync(NonceBound bound = NonceBound.ToNobody, bool perKind = false)
    {
        NonceServer server = new();
        server._server = await LoopbackServer.StartAsync(context => server.HandleAsync(context, bound, perKind));
        return server;
    }

    public void Rotate() => Interlocked.Increment(ref _step);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task HandleAsync(HttpContext context, NonceBound bound, bool perKind)
    {
        Interlocked.Increment(ref _requests);
        string proof = context.Request.Headers["DPoP"].Single()!;
        string key = bound == NonceBound.ToKey ? RingBench.SignerOf(proof) : "all";
        string kind = perKind && context.Request.Headers.Authorization.Count == 0 ? "without" : "with";
        string nonce = $"{key}.{kind}.{_step}";
        context.Response.Headers["DPoP-Nonce"] = nonce;
        if (DecodedProof.Nonce(proof) != nonce)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
        }

        return Task.CompletedTask;
    }
}
