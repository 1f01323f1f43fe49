using System.Collections.Concurrent;
using DpopHttp.Verification;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Integrations.Tests.Support;

/// <summary>A server that lets a request through only with a token as DPoP and a proof that verifies and has the newest nonce.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private readonly DpopProofVerifier _proofs = new();
    private readonly ConcurrentQueue<int> _statuses = new();
    private readonly WebApplication _app;
    private int _nonce = 1;

    private Gate(WebApplication app)
    {
        _app = app;
        app.Use(CheckAsync);
    }

    /// <summary>Where the server is; it ends with a slash.</summary>
    public Uri Address => new(_app.Urls.Single());

    /// <summary>A server with one resource, orders, that answers with the length of what it got.</summary>
    public static Task<Gate> StartAsync() => StartAsync(app => app.Map("/orders", async (HttpRequest request) =>
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body);
        return Results.Json(new Answer((int)body.Length));
    }));

    public static async Task<Gate> StartAsync(
        Action<WebApplication> map, Action<IServiceCollection>? add = null, HttpProtocols protocols = HttpProtocols.Http1)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = protocols));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        add?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        Gate gate = new(app);
        app.UseRouting();
        map(app);
        await app.StartAsync();
        return gate;
    }

    /// <summary>What was demanded before isn't accepted any more.</summary>
    public void Rotate() => Interlocked.Increment(ref _nonce);

    /// <summary>The statuses of the answers since this was asked last.</summary>
    public int[] TakeStatuses()
    {
        List<int> statuses = [];
        while (_statuses.TryDequeue(out int status))
        {
            statuses.Add(status);
        }

        return [.. statuses];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        string nonce = $"nonce-{Volatile.Read(ref _nonce)}";
        string[] credentials = request.Headers.Authorization.ToString().Split(' ');
        DpopProofContext proof = new(request.Method, $"{request.Scheme}://{request.Host}{request.Path}", request.Headers["DPoP"].OfType<string>())
        {
            AccessToken = credentials[^1],
            AcceptNonce = given => given == nonce,
        };
        DpopProofResult result = await _proofs.VerifyAsync(proof);
        if (credentials is ["DPoP", { Length: > 0 }] && result.IsValid)
        {
            _statuses.Enqueue(200);
            context.Response.Headers["DPoP-Nonce"] = nonce;
            await next(context);
            return;
        }

        string error = result.FailedCheck == DpopProofCheck.Nonce ? "use_dpop_nonce" : "invalid_dpop_proof";
        _statuses.Enqueue(401);
        context.Response.StatusCode = 401;
        context.Response.Headers["DPoP-Nonce"] = nonce;
        context.Response.Headers.WWWAuthenticate = $"DPoP error=\"{error}\", error_description=\"{result.FailedCheck}\"";
    }
}
