using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>An API behind JwtBearer and DPoP on real sockets, one for HTTP/1.1 and one for HTTP/2.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApi(WebApplication app) => _app = app;

    public IServiceProvider Services => _app.Services;

    public FakeLogCollector Logs => _app.Services.GetFakeLogCollector();

    public static async Task<TestApi> StartAsync(
        Action<DpopAuthenticationOptions>? configure = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? before = null,
        Action<AuthenticationBuilder>? authentication = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Logging.AddFakeLogging().SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddRoutingCore();
        builder.Services.AddAuthorization();
        builder.Services.AddCors();
        services?.Invoke(builder.Services);
        AuthenticationBuilder schemes = builder.Services.AddAuthentication("Bearer");
        if (authentication is null)
        {
            schemes.AddJwtBearer(bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters)
                .AddDpop(options =>
                {
                    // So that a slow machine refuses no proof for its age.
                    options.ProofLifetime = TimeSpan.FromMinutes(10);
                    configure?.Invoke(options);
                });
        }
        else
        {
            authentication(schemes);
        }

        WebApplication app = builder.Build();
        before?.Invoke(app);
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        Map(app);
        await app.StartAsync();
        return new TestApi(app);
    }

    /// <summary>The address for a version of HTTP, such as "2.0", or "nginx 2.0" for the way through nginx; without a slash at its end.</summary>
    public string Origin(string route) => route.StartsWith("nginx ", StringComparison.Ordinal)
        ? NginxFixture.Origin(route["nginx ".Length..], new Uri(_app.Urls.First()).Port)
        : _app.Urls.ElementAt(route == "2.0" ? 1 : 0);

    /// <summary>The address behind an nginx that ends TLS, see <see cref="NginxFixture.TlsOrigin"/>.</summary>
    public string TlsOrigin() => NginxFixture.TlsOrigin(new Uri(_app.Urls.First()).Port);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/open", () => "open");
        app.MapGet("/only-dpop", Answer).RequireDpop();
        app.MapGet("/only-nonce", Answer).RequireDpopNonce();
        app.MapGet("/admins", Answer).RequireAuthorization(policy => policy.RequireClaim("sub", "root"));
        app.Map("/{**path}", Answer).RequireAuthorization();
    }

    private static string Answer(HttpContext context) =>
        $"{context.User.Identity!.IsAuthenticated} {context.User.GetDpopThumbprint()} {context.Request.Headers.Authorization.ToString().Split(' ')[0]}";
}
