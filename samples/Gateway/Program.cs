using System.Security.Claims;
using Gateway;
using Microsoft.AspNetCore.Authentication;
using Yarp.ReverseProxy.Forwarder;

// A gateway between a page and samples/Api: the page has a cookie, and the gateway has each user's token, key and nonces. It needs the two:
//   dotnet run --project samples/SignInServer
//   dotnet run --project samples/Api -- --Authority=http://127.0.0.1:5305
//   dotnet run --project samples/Gateway
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
ConfigurationManager configuration = builder.Configuration;
Uri api = new(configuration["Api"]!);

builder.Services
    .AddAuthentication("cookie")
    .AddCookie("cookie", cookie =>
    {
        cookie.Cookie.Name = "gateway";

        // Whoever asks here is a script, which can do nothing with a redirect. The page sends its user to /sign-in.
        cookie.Events.OnRedirectToLogin = context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };
    })
    .AddOpenIdConnect("oidc", oidc =>
    {
        oidc.Authority = configuration["Authority"];
        oidc.RequireHttpsMetadata = !builder.Environment.IsDevelopment() && !oidc.Authority!.StartsWith("http://127.0.0.1:", StringComparison.Ordinal);
        oidc.ClientId = "orders-web";
        oidc.ClientSecret = configuration["ClientSecret"];
        oidc.ResponseType = "code";
        oidc.ResponseMode = "query";
        oidc.MapInboundClaims = false;
        oidc.TokenValidationParameters.NameClaimType = "name";
        oidc.Scope.Add("offline_access");
        oidc.Scope.Add("orders");
    })
    .AddDpop(dpop => dpop.KeyPerSession = true);
builder.Services.AddAuthorization();

// The client that the proxy sends with. It lives as long as the gateway does, and its connections get new addresses by themselves.
builder.Services.AddHttpClient("api", http => http.BaseAddress = api)
    .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // How long an upload waits to be asked for: an API that has just started takes a while to refuse it for want of a nonce.
        Expect100ContinueTimeout = TimeSpan.FromSeconds(10),
    })
    .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
    .AddDpop(dpop => dpop.FollowRedirects = false)
    .AddDpopUserToken();
builder.Services.AddSingleton<IForwarderHttpClientFactory, UserTokenForwarderFactory>();
builder.Services.AddReverseProxy().LoadFromMemory(ApiProxy.Routes, ApiProxy.ClustersAt(api)).AddTransforms(ApiProxy.KeepInside);

WebApplication app = builder.Build();
app.UseDpopSignIn();
app.UseDefaultFiles();
app.UseStaticFiles();
app.Use(OwnPages.Require);
app.UseAuthentication();
app.UseAuthorization();

app.MapGet("/user", (ClaimsPrincipal user) => new { user.Identity!.Name }).RequireAuthorization();
app.MapGet("/sign-in", () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/" }, ["oidc"]));
app.MapPost("/sign-out", () => Results.SignOut(new AuthenticationProperties { RedirectUri = "/" }, ["cookie", "oidc"])).RequireAuthorization();
app.MapReverseProxy(proxy => proxy.Use(ApiProxy.FetchTokenFirst));
app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"A gateway for development, at {app.Urls.First()}, in front of {api}. Ctrl+C ends it."));
app.Run();
