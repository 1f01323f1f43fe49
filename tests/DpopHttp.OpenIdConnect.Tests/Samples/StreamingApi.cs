using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using DpopHttp.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Tests.Samples;

/// <summary>An API with the same tokens as samples/Api, which reads and writes bodies piece by piece, and sees what reaches it. It has just started, so that its first answer takes a while.</summary>
internal sealed class StreamingApi : IAsyncDisposable
{
    /// <summary>Longer than the platform waits for a 100-continue by default.</summary>
    private static readonly TimeSpan TimeForFirstAnswer = TimeSpan.FromSeconds(1.5);

    private readonly WebApplication _app;

    private StreamingApi(string authority, CertificateFiles? certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate.Cert, certificate.Key));
            }
        }));
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
        _app.Use(async (context, next) =>
        {
            bool isFirst = Seen.IsEmpty;
            Seen.Enqueue(($"{context.Request.Protocol} {context.Request.Path}", [.. context.Request.Headers.Keys]));
            if (isFirst)
            {
                await Task.Delay(TimeForFirstAnswer);
            }

            context.Response.Headers.SetCookie = "api=1";
            await next(context);
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

    /// <summary>The protocol and the path, and the headers, of each request.</summary>
    public ConcurrentQueue<(string Request, string[] Headers)> Seen { get; } = [];

    /// <summary>How much of an upload has arrived.</summary>
    public Channel<long> Received { get; } = Channel.CreateUnbounded<long>();

    /// <summary>The lines of the feed; it ends with the channel.</summary>
    public Channel<string> Feed { get; } = Channel.CreateUnbounded<string>();

    /// <summary>Starts it for HTTP/1.1, or with a certificate for HTTP/2.</summary>
    public static async Task<StreamingApi> StartAsync(string authority, CertificateFiles? certificate = null)
    {
        StreamingApi api = new(authority, certificate);
        await api._app.StartAsync();
        return api;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
