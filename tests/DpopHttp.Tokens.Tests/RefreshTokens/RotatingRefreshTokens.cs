using System.Collections.Concurrent;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>A server that takes each refresh token once, and revokes all when one comes twice (RFC 9700 section 4.14.2).</summary>
internal sealed class RotatingRefreshTokens
{
    private readonly ConcurrentQueue<string> _used = new();

    private RotatingRefreshTokens(TokenServer server)
    {
        server.Instead = async context =>
        {
            string token = (await context.Request.ReadFormAsync())["refresh_token"].ToString();
            if (token == Current)
            {
                return false;
            }

            IsRevoked |= _used.Contains(token);
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsJsonAsync(new { error = "invalid_grant" });
            return true;
        };
        server.Extras = request =>
        {
            _used.Enqueue(request.Form["refresh_token"]);
            Current = $"refresh-{_used.Count + 1}";
            return new() { ["refresh_token"] = Current };
        };
    }

    public string Current { get; private set; } = "refresh-1";

    /// <summary>Whether a token came a second time.</summary>
    public bool IsRevoked { get; private set; }

    public static RotatingRefreshTokens At(TokenServer server) => new(server);

    /// <summary>Adds the grant with a store to a client.</summary>
    public static Action<IHttpClientBuilder, TokenServer> AddTo(DpopRefreshTokenStore store, Action<DpopRefreshTokenOptions>? configure = null) =>
        (client, server) => client.AddDpopRefreshToken(options =>
        {
            (options.TokenEndpoint, options.ClientId, options.Store) = (server.TokenEndpoint, "orders-cli", store);
            configure?.Invoke(options);
        });
}
