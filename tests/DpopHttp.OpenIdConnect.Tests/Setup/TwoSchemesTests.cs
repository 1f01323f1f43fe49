using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Setup;

/// <summary>An app whose users sign in at one of two authorization servers, with one cookie.</summary>
public sealed class TwoSchemesTests(Servers servers)
{
    private const string OthersApi = "others";

    private bool _ended;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_of_one_scheme_never_gets_the_token_of_a_session_of_the_other(bool onRequest)
    {
        await using WebApp app = await StartAsync();
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Services.GetRequiredService<DpopSessions>().Get(await visitor.ReadAsync("/id"), "oidc");
        using HttpClient others = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(OthersApi);
        using HttpRequestMessage request = new(HttpMethod.Get, "");
        request.SetDpopSession(onRequest ? session : null);
        using IDisposable? use = onRequest ? null : session.Use();

        DpopSignInRequiredException exception = await Assert.ThrowsAsync<DpopSignInRequiredException>(() => others.SendAsync(request));

        Assert.Contains("'oidc'", exception.Message);
        Assert.Contains("'other'", exception.Message);
        app.AssertSent();
    }

    [Fact]
    public async Task Sign_out_at_one_server_shows_it_no_id_token_of_the_other()
    {
        await using WebApp app = await StartAsync();
        using Visitor visitor = await app.SignInAsync();

        await visitor.OpenAsync("/out/everywhere");

        Uri signOut = Assert.Single(visitor.Visited, uri => uri.AbsolutePath == "/session/end");
        Assert.DoesNotContain("id_token_hint", signOut.Query);
    }

    [Fact]
    public async Task Who_has_to_sign_in_for_a_client_of_one_scheme_is_sent_to_its_server_and_not_to_the_default()
    {
        await using WebApp app = await StartAsync(registered: "other");
        using Visitor visitor = app.Open();
        string former = await visitor.ReadAsync("/in/other");
        await app.Services.GetRequiredService<DpopSessions>().Get(former, "other").EndAsync();

        Assert.Contains("alice", await visitor.ReadAsync("/open?client=" + OthersApi));
    }

    [Fact]
    public async Task A_session_that_ends_in_a_request_sends_its_user_to_the_server_that_it_was_of()
    {
        await using WebApp app = await StartAsync(registered: "other");
        using Visitor visitor = app.Open();
        string former = await visitor.ReadAsync("/in/other");

        Assert.NotEqual(former, await visitor.ReadAsync("/end?client=" + WebApp.Userinfo));
    }

    /// <param name="registered">The scheme whose callback the authorization server knows.</param>
    private Task<WebApp> StartAsync(string registered = "oidc") => WebApp.StartAsync(servers.Site, new()
    {
        OpenId = openId => openId.CallbackPath = CallbackOf("oidc", registered),
        Services = services =>
        {
            services.AddAuthentication().AddOpenIdConnect("other", openId =>
            {
                openId.Authority = servers.Site.AuthorizationServer.Issuer;
                openId.RequireHttpsMetadata = false;
                openId.ClientId = AuthorizationServer.PublicClient;
                openId.CallbackPath = CallbackOf("other", registered);
                openId.ResponseType = "code";
                openId.ResponseMode = "query";
                openId.Scope.Clear();
                openId.Scope.Add("openid");
                openId.MapInboundClaims = false;
                openId.NonceCookie.SecurePolicy = openId.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                openId.NonceCookie.SameSite = openId.CorrelationCookie.SameSite = SameSiteMode.Lax;
            }).AddDpop(dpop => dpop.KeyPerSession = true);
            services.AddHttpClient(OthersApi, http => http.BaseAddress = servers.Site.AuthorizationServer.UserInfoEndpoint).AddDpopUserToken("other");
        },
        Map = web =>
        {
            web.MapGet("/in/other", () => Challenge("/id"));
            web.MapGet("/out/everywhere", () => Results.SignOut(authenticationSchemes: ["cookie", "other"]));
            web.MapGet("/end", async (HttpContext context, string client, IHttpClientFactory factory) =>
            {
                DpopSession session = context.GetDpopSession();
                if (_ended)
                {
                    return session.Id;
                }

                _ended = true;
                await session.EndAsync();
                return await factory.CreateClient(client).GetStringAsync("");
            });
        },
    });

    private static IResult Challenge(string target) => Results.Challenge(new AuthenticationProperties { RedirectUri = target }, ["other"]);

    private static string CallbackOf(string scheme, string registered) => scheme == registered ? "/callback" : "/callback/" + scheme;
}
