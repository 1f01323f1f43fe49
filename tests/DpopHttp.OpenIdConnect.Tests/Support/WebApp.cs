using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>A web app whose users sign in at the authorization server, with clients of two resources: the API, and userinfo, which demands nonces.</summary>
internal sealed class WebApp : IAsyncDisposable
{
    public const string Userinfo = "userinfo", Orders = "orders";

    private readonly List<Attempt> _attempts = [];
    private readonly Func<HttpRequestMessage, Task<HttpResponseMessage?>>? _network;
    private readonly WebApplication _app;

    private WebApp(Site site, WebAppOptions options)
    {
        _network = options.Network;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(Logs));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<TimeProvider>(site.Time);
        builder.Services.AddAuthorization();
        AuthenticationBuilder authentication = builder.Services.AddAuthentication(schemes =>
        {
            schemes.DefaultScheme = "cookie";
            schemes.DefaultChallengeScheme = "oidc";
        }).AddCookie("cookie").AddOpenIdConnect("oidc", openId =>
        {
            openId.Authority = site.AuthorizationServer.Issuer;
            openId.RequireHttpsMetadata = false;
            openId.ClientId = options.Client;
            openId.ClientSecret = options.Client == AuthorizationServer.PostClient ? site.AuthorizationServer.ClientSecret : null;
            openId.CallbackPath = "/callback";
            openId.ResponseType = "code";
            openId.ResponseMode = "query";
            openId.MapInboundClaims = false;
            openId.Scope.Clear();
            openId.Scope.Add("openid");
            openId.PushedAuthorizationBehavior = options.Pushes ? PushedAuthorizationBehavior.Require : PushedAuthorizationBehavior.Disable;
            openId.GetClaimsFromUserInfoEndpoint = options.Resource is null;
            openId.NonceCookie.SecurePolicy = openId.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            openId.NonceCookie.SameSite = openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
            if (options.Resource is { } resource)
            {
                openId.Resource = resource;
                openId.Scope.Add("orders.read");
                openId.Events.OnAuthorizationCodeReceived = context =>
                {
                    context.TokenEndpointRequest!.Resource = resource;
                    return Task.CompletedTask;
                };
            }

            options.OpenId?.Invoke(openId);
        });
        authentication.AddDpop(options.Dpop).ConfigureDpopBackChannel(back =>
        {
            if (!options.UsesOwnBackChannel)
            {
                back.ConfigurePrimaryHttpMessageHandler(CreatePrimary);
            }

            if (options.Client == AuthorizationServer.AssertionClient)
            {
                back.AddDpopClientAssertion(options.Client, site.AuthorizationServer.ClientAssertionJwk, site.AuthorizationServer.Issuer);
            }
        });
        builder.Services.AddHttpClient(Userinfo, http => http.BaseAddress = site.AuthorizationServer.UserInfoEndpoint)
            .ConfigurePrimaryHttpMessageHandler(CreatePrimary).AddDpopUserToken();
        builder.Services.AddHttpClient(Orders, http => http.BaseAddress = options.Api ?? site.Api.Orders)
            .ConfigurePrimaryHttpMessageHandler(CreatePrimary).AddDpopUserToken();
        options.Services?.Invoke(builder.Services);
        _app = builder.Build();
        _app.UseDpopSignIn();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapGet("/", (ClaimsPrincipal user) => user.FindFirstValue("sub") ?? "nobody");
        _app.MapGet("/in", (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireAuthorization();
        _app.MapGet("/call", (string client, IHttpClientFactory factory, CancellationToken cancellation) => factory.CreateClient(client).GetStringAsync("", cancellation)).RequireAuthorization();
        _app.MapGet("/calls", async (string client, int count, IHttpClientFactory factory) =>
            string.Join('\n', await Task.WhenAll(Enumerable.Range(0, count).Select(_ => factory.CreateClient(client).GetStringAsync(""))))).RequireAuthorization();
        _app.MapGet("/open", (string client, IHttpClientFactory factory) => factory.CreateClient(client).GetStringAsync(""));
        _app.MapGet("/id", (HttpContext context) => context.GetDpopSession().Id);
        _app.MapGet("/out", () => Results.SignOut(authenticationSchemes: ["cookie"]));
        options.Map?.Invoke(_app);
    }

    public FakeLogCollector Logs { get; } = new();

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public static async Task<WebApp> StartAsync(Site site, WebAppOptions options)
    {
        WebApp app = new(site, options);
        await app._app.StartAsync();
        return app;
    }

    public Visitor Open() => new(Address, Faults);

    /// <summary>What the app logged as going wrong, for the message of a test that fails.</summary>
    public string Faults() => string.Join('\n', Logs.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => $"{record.Message} {record.Exception}"));

    /// <summary>Somebody signs in, and what that sent is forgotten.</summary>
    public async Task<Visitor> SignInAsync()
    {
        Visitor visitor = Open();
        Assert.Equal("alice", await visitor.ReadAsync("/in"));
        TakeAttempts();
        return visitor;
    }

    public DpopSession Session(string id) => Services.GetRequiredService<DpopSessions>().Get(id);

    /// <summary>What the app sent since the last call of this.</summary>
    public IReadOnlyList<Attempt> TakeAttempts()
    {
        lock (_attempts)
        {
            Attempt[] taken = [.. _attempts];
            _attempts.Clear();
            return taken;
        }
    }

    public void AssertSent(params string[] expected) => Assert.Equal(expected, TakeAttempts().Select(attempt => attempt.ToString()));

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private HttpMessageHandler CreatePrimary() => new WireTap(_attempts, new Gate(_network, new SocketsHttpHandler()));
}
