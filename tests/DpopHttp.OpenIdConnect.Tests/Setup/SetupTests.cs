using System.Net;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DpopHttp.OpenIdConnect.Tests.Setup;

public sealed class SetupTests(Servers servers)
{
    /// <summary>What asks for the options while they are being made waits for itself: whatever a client is made of may do so.</summary>
    [Fact]
    public async Task A_service_that_reads_the_openid_options_while_a_client_is_made_hangs_nothing()
    {
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            Services = services =>
            {
                services.ConfigureHttpClientDefaults(clients => clients.ConfigureHttpClient((provider, _) => provider.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get("oidc")));
                services.AddOptions<DpopOpenIdConnectOptions>("oidc").Configure<IOptionsMonitor<OpenIdConnectOptions>>((_, openId) => openId.Get("oidc"));
                services.AddOptions<DpopOptions>("oidc.dpop").Configure<IOptionsMonitor<OpenIdConnectOptions>>((_, openId) => openId.Get("oidc"));
            },
        });
        using Visitor visitor = app.Open();
        Assert.Equal("alice", await visitor.ReadAsync("/in").WaitAsync(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task The_users_own_backchannel_handler_sends()
    {
        List<Attempt> attempts = [];
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            OpenId = openId => openId.BackchannelHttpHandler = new WireTap(attempts, new HttpClientHandler()),
            UsesOwnBackChannel = true,
        });
        using Visitor visitor = app.Open();

        Assert.Equal("alice", await visitor.ReadAsync("/in"));

        string[] sent = [.. attempts.Select(attempt => attempt.ToString())];
        Assert.Contains("GET /.well-known/openid-configuration 200", sent);
        Assert.Contains("POST /request 201", sent);
        Assert.Contains("POST /token 200", sent);
        Assert.Contains("GET /me 200", sent);
    }

    [Fact]
    public async Task A_backchannel_that_cannot_sign_is_told()
    {
        using HttpClient own = new();
        await using WebApp app = await WebApp.StartAsync(servers.Site, new() { OpenId = openId => openId.Backchannel = own });

        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => app.Services.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get("oidc"));

        Assert.Contains("BackchannelHttpHandler", exception.Message);
    }

    [Fact]
    public async Task The_users_own_events_run()
    {
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            OpenId = openId => openId.EventsType = typeof(OwnEvents),
            Services = services => services.AddSingleton<OwnEvents>(),
        });
        using Visitor visitor = app.Open();
        await visitor.ReadAsync("/in");

        Assert.Equal(
            [nameof(OwnEvents.RedirectToIdentityProvider), nameof(OwnEvents.PushAuthorization), nameof(OwnEvents.AuthorizationCodeReceived),
                nameof(OwnEvents.TokenResponseReceived), nameof(OwnEvents.TokenValidated), nameof(OwnEvents.UserInformationReceived), nameof(OwnEvents.TicketReceived)],
            app.Services.GetRequiredService<OwnEvents>().Ran);
    }

    [Fact]
    public async Task SaveTokens_leaves_no_refresh_token_in_the_cookie()
    {
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            OpenId = openId => openId.SaveTokens = true,
            Map = web => web.MapGet("/tokens", async (HttpContext context) => await context.Response.WriteAsync(
                string.Join(' ', (await context.AuthenticateAsync()).Properties!.GetTokens().Select(token => token.Name).Order(StringComparer.Ordinal)))),
        });
        using Visitor visitor = await app.SignInAsync();

        Assert.Equal("access_token expires_at id_token token_type", await visitor.ReadAsync("/tokens"));
    }

    [Fact]
    public async Task Faults_in_the_options_are_told_at_start_up_all_at_once()
    {
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(() => WebApp.StartAsync(servers.Site, new()
        {
            Dpop = dpop =>
            {
                dpop.KeyPerSession = true;
                dpop.KeyName = "orders";
                dpop.SessionLimit = 0;
                dpop.SessionLifetime = TimeSpan.Zero;
            },
        }));
        Assert.Equal(3, exception.Failures.Count());
        Assert.All(exception.Failures, failure => Assert.Contains("'oidc'", failure));
    }

    [Fact]
    public async Task A_shared_store_needs_a_key_that_outlives_the_process()
    {
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(
            () => WebApp.StartAsync(servers.Site, new() { Dpop = dpop => dpop.UseDistributedCache() }));
        Assert.Contains("KeyFile", exception.Message);
    }

    [Fact]
    public void AddDpop_without_an_openid_scheme_says_so()
    {
        AuthenticationBuilder builder = new ServiceCollection().AddAuthentication("cookie").AddCookie("cookie");

        Assert.Contains("AddOpenIdConnect", Assert.Throws<InvalidOperationException>(() => DpopOpenIdConnectExtensions.AddDpop(builder)).Message);
    }

    [Fact]
    public void A_client_of_users_without_a_sign_in_is_told_at_start_up()
    {
        ServiceCollection services = new();
        services.AddHttpClient("orders").AddDpopUserToken();
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("AddOpenIdConnect(…).AddDpop(…)", exception.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_client_with_tokens_of_its_own_and_of_its_users_is_told_at_start_up(bool usersFirst)
    {
        ServiceCollection services = new();
        services.AddAuthentication("cookie").AddCookie("cookie").AddOpenIdConnect("oidc", _ => { }).AddDpop((DpopOpenIdConnectOptions _) => { });
        IHttpClientBuilder orders = services.AddHttpClient("orders");
        orders = usersFirst ? orders.AddDpopUserToken() : orders;
        orders.AddDpopClientCredentials(own => (own.TokenEndpoint, own.ClientId, own.ClientSecret) = (servers.Site.AuthorizationServer.TokenEndpoint, "orders", "secret"));
        orders = usersFirst ? orders : orders.AddDpopUserToken();
        using ServiceProvider provider = services.BuildServiceProvider();

        OptionsValidationException exception = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("'orders' has AddDpopUserToken and AddDpopClientCredentials", exception.Message);
    }

    [Fact]
    public async Task A_client_of_one_scheme_takes_no_tokens_of_another()
    {
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            Services = services =>
            {
                services.AddAuthentication().AddOpenIdConnect("other", openId =>
                {
                    openId.Authority = servers.Site.AuthorizationServer.Issuer;
                    openId.RequireHttpsMetadata = false;
                    openId.ClientId = AuthorizationServer.PublicClient;
                    openId.CallbackPath = "/callback/other";
                    openId.ResponseType = "code";
                }).AddDpop(dpop => dpop.KeyPerSession = true);
                services.AddHttpClient("others", http => http.BaseAddress = servers.Site.AuthorizationServer.UserInfoEndpoint).AddDpopUserToken("other");
            },
        });
        using Visitor visitor = await app.SignInAsync();

        Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.OpenAsync("/call?client=others", isPage: false)).Status);
        Assert.NotSame(app.Services.GetRequiredService<DpopKeyRing>().Get("oidc.dpop"), app.Services.GetRequiredService<DpopKeyRing>().Get("other.dpop"));
        Assert.Throws<ArgumentException>(() => app.Session("which scheme?"));
    }

    [Fact]
    public async Task A_users_token_does_not_go_to_another_origin()
    {
        await using WebApp app = await WebApp.StartAsync(servers.Site, new());
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        HttpClient client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(WebApp.Userinfo);

        using (session.Use())
        {
            DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.GetStringAsync("http://127.0.0.1:9/orders"));
            Assert.Equal(DpopErrorCodes.OriginNotAllowed, exception.Code);
        }

        app.AssertSent();
    }

    [Fact]
    public async Task IsAllowedOrigin_says_where_else_a_users_token_may_go()
    {
        await using WebApp app = await WebApp.StartAsync(servers.Site, new()
        {
            Services = services => services.Configure<DpopOptions>(WebApp.Userinfo, options => options.IsAllowedOrigin = uri => uri.Port == 9),
        });
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        HttpClient client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(WebApp.Userinfo);

        using (session.Use())
        {
            // Nothing listens there: it went out as far as the connection.
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("http://127.0.0.1:9/orders"));
        }
    }
}
