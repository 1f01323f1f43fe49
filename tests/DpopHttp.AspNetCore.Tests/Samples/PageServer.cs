using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DpopHttp.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.AspNetCore.Tests.Samples;

/// <summary>Serves the page, asks for its token with the client's secret, and takes its report.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly TaskCompletionSource<JsonElement> _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    public Task<JsonElement> Report => _report.Task;

    public static async Task<PageServer> StartAsync(int port, string api, string issuer)
    {
        PageServer server = new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        builder.Services.AddRoutingCore();
        server._app = builder.Build();
        server._app.MapGet("/", () => Results.File(Path.Combine(AppContext.BaseDirectory, "Samples/page.html"), "text/html"));
        server._app.MapGet("/dpop.js", () => Results.File(Path.Combine(Tools.NodeFolder, "node_modules/dpop/build/index.js"), "text/javascript"));
        server._app.MapGet("/settings", () => Results.Json(new { api, tokenEndpoint = $"{issuer}/token" }));
        server._app.MapPost("/token", (Delegate)((HttpRequest request) => server.GetTokenAsync(request, $"{issuer}/token")));
        server._app.MapPost("/report", async (HttpRequest request) =>
            server._report.TrySetResult(JsonElement.Parse(await new StreamReader(request.Body).ReadToEndAsync())));
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task<IResult> GetTokenAsync(HttpRequest page, string tokenEndpoint)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, tokenEndpoint)
        {
            Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("orders-client:development-only")));
        request.Headers.Add("DPoP", await new StreamReader(page.Body).ReadToEndAsync());
        using HttpResponseMessage response = await _http.SendAsync(request);
        JsonElement body = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        string? nonce = response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? nonces) ? nonces.Single() : null;
        return Results.Json(new { token = body.TryGetProperty("access_token", out JsonElement token) ? token.GetString() : null, nonce });
    }
}
