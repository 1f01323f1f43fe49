using System.Net;
using DpopHttp.AspNetCore;

namespace McpSample;

/// <summary>The two servers of the sample, on loopback. Each prints its exchanges.</summary>
internal static class Servers
{
    public static async Task<WebApplication> StartSignInAsync()
    {
        WebApplicationBuilder builder = NewBuilder();
        WebApplication app = builder.Build();
        Print(app, "sign-in");
        new SignInServer(app).Map();
        await app.StartAsync();
        return app;
    }

    /// <summary>An MCP server whose tools are called with a bound token, and a proof that has a nonce.</summary>
    public static async Task<WebApplication> StartMcpAsync(string issuer)
    {
        WebApplicationBuilder builder = NewBuilder();
        WebApplication? app = null;
        builder.Services.AddMcpServer().WithHttpTransport().WithTools<OrderTools>();
        builder.Services.AddAuthentication("Bearer")
            .AddJwtBearer(bearer =>
            {
                bearer.MetadataAddress = $"{issuer}/.well-known/oauth-authorization-server";
                bearer.RequireHttpsMetadata = false;
                bearer.MapInboundClaims = false;
                bearer.TokenValidationParameters.ValidTypes = ["at+jwt"];

                // The port, and with it the name of this server, is known when it has started.
                bearer.TokenValidationParameters.AudienceValidator = (audiences, _, _) => audiences.Contains($"{app!.Urls.Single()}/mcp");
            })
            .AddDpop(dpop => dpop.Nonces = DpopNonceMode.Required)
            .AddMcp(mcp => mcp.ResourceMetadata = new() { AuthorizationServers = [issuer] });
        builder.Services.AddAuthorization();
        app = builder.Build();
        Print(app, "mcp");
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapMcp("/mcp").RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    private static WebApplicationBuilder NewBuilder()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        return builder;
    }

    private static void Print(WebApplication app, string name) => app.Use(async (context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            string scheme = context.Request.Headers.Authorization.ToString().Split(' ')[0];
            Console.WriteLine($"{name}: {context.Request.Method} {context.Request.Path} {scheme} -> {context.Response.StatusCode}");
            return Task.CompletedTask;
        });
        await next(context);
    });
}
