namespace DpopHttp.Interop.Tests.Servers;

/// <summary>
/// An API behind express-oauth2-jwt-bearer: GET /orders and GET /orders/{id} describe what was accepted, POST /orders echoes the body.
/// </summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    private readonly NodeProcess _node;

    private ResourceServer(NodeProcess node)
    {
        _node = node;
        BaseAddress = new Uri(node.Ready.GetProperty("url").GetString()!);
    }

    public Uri BaseAddress { get; }

    public Uri Orders => new(BaseAddress, "/orders");

    /// <summary>Starts an API that takes the tokens of <paramref name="issuer"/> for its resource.</summary>
    /// <param name="issuer">The server that tokens come from.</param>
    /// <param name="dpopRequired">False to take bearer tokens as well.</param>
    /// <param name="certificate">Serves https with it, and trusts an issuer that does; plain http when null.</param>
    public static async Task<ResourceServer> StartAsync(
        AuthorizationServer issuer, bool dpopRequired = true, LoopbackCertificate? certificate = null) =>
        new(await NodeProcess.StartAsync("resource-server.mjs", new
        {
            issuer.Issuer,
            Audience = issuer.Resource,
            DpopRequired = dpopRequired,
            Tls = certificate?.Files,
        }));

    /// <summary>Moves the server's clock: it takes proofs from 300 s before to 30 s after it.</summary>
    public Task AdvanceAsync(TimeSpan time) => _node.CommandAsync(new { AdvanceSeconds = time.TotalSeconds });

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
