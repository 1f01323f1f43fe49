using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Tests.Sharing;

/// <summary>A token endpoint that gives a new refresh token with each access token, whatever the grant, and an API that takes them all.</summary>
internal sealed class RefreshTokenServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RefreshTokenServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/token", (HttpRequest request) => new Dictionary<string, object>
        {
            ["access_token"] = Note(AccessTokens, request.Form["grant_type"]!),
            ["token_type"] = "DPoP",
            ["expires_in"] = 300,
            ["refresh_token"] = Note(RefreshTokens, request.Form["grant_type"]!),
        });
        _app.MapGet("/api", () => "");
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>With the grant that each was given for.</summary>
    public ConcurrentDictionary<string, string> AccessTokens { get; } = new();

    public ConcurrentDictionary<string, string> RefreshTokens { get; } = new();

    public static async Task<RefreshTokenServer> StartAsync()
    {
        RefreshTokenServer server = new();
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Note(ConcurrentDictionary<string, string> tokens, string grant)
    {
        string token = RandomNumberGenerator.GetHexString(32);
        tokens[token] = grant;
        return token;
    }
}
