using System.Collections.Concurrent;
using System.Security.Claims;
using System.Threading.Channels;
using DpopHttp.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Tests.Samples;

/// <summary>An API with the same tokens as samples/Api, which reads and writes bodies piece by piece, and sees what reaches it.</summary>
internal sealed class StreamingApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private StreamingApi(string authority)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAuthentication("Bearer")
            .AddJwtBearer(bearer =>
            {
                bearer.MetadataAddress = $"{authority}/.well-known/oauth-authorization-server";
                bearer.Audience = "orders-api";
                bearer.RequireHttpsMetadata = false;
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters.ValidTypes = ["at+jwt"];
            })
            .AddDpop("Bearer", dpop => dpop.Nonces = DpopNonceMode.Required);
        builder.Services.AddAuthorization();
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            Seen.Enqueue((context.Request.Path, [.. context.Request.Headers.Keys]));
            context.Response.Headers.SetCookie = "api=1";
            return next(context);
        });
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGet("/key", (ClaimsPrincipal user) => user.GetDpopThumbprint()).RequireAuthorization();
        _app.MapPost("/upload", async (HttpRequest request) =>
        {
            byte[] buffer = new byte[16 * 1024];
            long length = 0;
            while (await request.Body.ReadAsync(buffer) is > 0 and int count)
            {
                length += count;
                Received.Writer.TryWrite(length);
            }

            return length;
        }).RequireAuthorization();
        _app.MapGet("/feed", async (HttpResponse response) =>
        {
            await foreach (string line in Feed.Reader.ReadAllAsync(response.HttpContext.RequestAborted))
            {
                await response.WriteAsync(line + "\n");
                await response.Body.FlushAsync();
            }
        }).RequireAuthorization();
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The path and the headers of each request.</summary>
    public ConcurrentQueue<(string Path, string[] Headers)> Seen { get; } = [];

    /// <summary>How much of an upload has arrived.</summary>
    public Channel<long> Received { get; } = Channel.CreateUnbounded<long>();

    /// <summary>The lines of the feed; it ends with the channel.</summary>
    public Channel<string> Feed { get; } = Channel.CreateUnbounded<string>();

    public static async Task<StreamingApi> StartAsync(string authority)
    {
        StreamingApi api = new(authority);
        await api._app.StartAsync();
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
