using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;
using DpopHttp.Tool.TokenFiles;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tests.Tokens;

/// <summary>An authorization server that gives the token "new" for any refresh token, and remembers those.</summary>
internal sealed class RefreshServer : IAsyncDisposable
{
    public const string ClientId = "cli";

    private LoopbackServer _server = null!;

    private RefreshServer()
    {
    }

    /// <summary>The issuer identifier.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>The refresh tokens that it was given.</summary>
    public List<string> Seen { get; } = [];

    /// <summary>Whether it refuses refresh tokens.</summary>
    public bool Refuses { get; set; }

    /// <summary>Starts it.</summary>
    /// <param name="path">The path of the issuer identifier.</param>
    /// <param name="metadata">The path of the metadata, which are nowhere else.</param>
    /// <param name="address">Where it listens; null for 127.0.0.1.</param>
    public static async Task<RefreshServer> StartAsync(string path = "", string metadata = "/.well-known/oauth-authorization-server", IPAddress? address = null)
    {
        RefreshServer server = new();
        server._server = await LoopbackServer.StartAsync(context => server.HandleAsync(context, metadata), address: address);
        server.Issuer = server._server.BaseAddress.GetLeftPart(UriPartial.Authority) + path;
        return server;
    }

    /// <summary>Stores a token of its beside the bench's key.</summary>
    public void Store(ToolBench bench, string? refreshToken, string[] origins, DateTimeOffset? expiresAt = null)
    {
        using DpopKey key = new DpopKeyFile(bench.PathOf("key.json")).Open();
        new StoredTokens(bench.PathOf("key.json")).Save(new StoredToken
        {
            Issuer = Issuer,
            ClientId = ClientId,
            AccessToken = (refreshToken ?? "some") + "-token",
            Thumbprint = key.Thumbprint,
            Origins = origins,
            Scope = "orders",
            RefreshToken = refreshToken,
            ExpiresAt = expiresAt,
        });
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task HandleAsync(HttpContext context, string metadata)
    {
        if (context.Request.Path == metadata)
        {
            await context.Response.WriteAsJsonAsync(new { issuer = Issuer, token_endpoint = Issuer + "/token" });
            return;
        }

        if (!context.Request.HasFormContentType)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        IFormCollection form = await context.Request.ReadFormAsync();
        lock (Seen)
        {
            Seen.Add(form["refresh_token"].ToString());
        }

        if (Refuses)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
            return;
        }

        await context.Response.WriteAsJsonAsync(new { access_token = "new", token_type = "DPoP", expires_in = 3600 });
    }
}
