using System.Globalization;
using System.Net;
using System.Security.Claims;
using DpopHttp.Interop.Tests.Grants;
using DpopHttp.OpenIdConnect;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

// One instance of a web app, for tests of several: issuer, API, where Redis is, a folder that the instances share, and "session" for a key per session. It
// prints its address, and whatever it logs as a warning; a line on its input moves its clock by so many seconds, and it ends with its input.
(string issuer, string api, string redis, string folder, bool keyPerSession) = (args[0], args[1], args[2], args[3], args[4] == "session");
MovedTime time = new();
List<Attempt> attempts = [];
IConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis);

WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter((_, level) => level >= LogLevel.Warning);
builder.Services.AddRoutingCore();
builder.Services.AddSingleton<TimeProvider>(time);
builder.Services.AddAuthorization();
builder.Services.AddDataProtection().SetApplicationName("web-app").PersistKeysToFileSystem(new DirectoryInfo(folder));
builder.Services.AddStackExchangeRedisCache(cache => cache.ConnectionMultiplexerFactory = () => Task.FromResult(connection));
builder.Services
    .AddAuthentication(schemes => (schemes.DefaultScheme, schemes.DefaultChallengeScheme) = ("cookie", "oidc"))
    .AddCookie("cookie")
    .AddOpenIdConnect("oidc", openId =>
    {
        openId.Authority = issuer;
        openId.RequireHttpsMetadata = false;
        openId.ClientId = "public-client";
        openId.CallbackPath = "/callback";
        openId.ResponseType = "code";
        openId.ResponseMode = "query";
        openId.MapInboundClaims = false;
        openId.Scope.Clear();
        openId.Scope.Add("openid");
        openId.NonceCookie.SecurePolicy = openId.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        openId.NonceCookie.SameSite = openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
    })
    .AddDpop(dpop =>
    {
        dpop.KeyPerSession = keyPerSession;
        dpop.KeyFile = keyPerSession ? null : Path.Combine(folder, "dpop-key.jwk");
        dpop.UseDistributedCache((name, cancellation) => RedisLock.TakeAsync(connection, name, cancellation));
    })
    .ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(() => new WireTap(attempts, new SocketsHttpHandler())));
builder.Services.AddHttpClient("api", http => http.BaseAddress = new Uri(api))
    .ConfigurePrimaryHttpMessageHandler(() => new WireTap(attempts, new SocketsHttpHandler()))
    .AddDpopUserToken();

await using WebApplication app = builder.Build();
app.UseDpopSignIn();
app.UseAuthentication();
app.UseAuthorization();
app.MapGet("/in", (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireAuthorization();
app.MapGet("/call", (IHttpClientFactory factory) => factory.CreateClient("api").GetStringAsync("")).RequireAuthorization();
app.MapGet("/out", () => Results.SignOut(authenticationSchemes: ["cookie"]));
app.MapGet("/sent", () =>
{
    lock (attempts)
    {
        string[] sent = [.. attempts.Select(attempt => attempt.ToString())];
        attempts.Clear();
        return string.Join('\n', sent);
    }
});
await app.StartAsync();
Console.WriteLine($"ready {app.Urls.Single()}");
while (await Console.In.ReadLineAsync() is { } line)
{
    time.Advance(TimeSpan.FromSeconds(double.Parse(line, CultureInfo.InvariantCulture)));
    Console.WriteLine("moved");
}

await app.StopAsync();
