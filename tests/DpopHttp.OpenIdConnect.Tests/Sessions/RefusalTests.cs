using System.Net;
using System.Security.Claims;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.OpenIdConnect.Tests.Sessions;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_refusal_is_asked_for_once_and_is_a_401_for_scripts_and_a_sign_in_for_pages()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new());
        using Visitor visitor = await app.SignInAsync();
        string refreshToken = await RenewAsync(site, app, visitor);
        await RevokeAsync(site, app, visitor, refreshToken);
        await site.OutliveTokensAsync();

        HttpStatusCode[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await visitor.OpenAsync("/call?client=userinfo", isPage: false)).Status));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.OpenAsync("/call?client=userinfo", isPage: false)).Status);
        }

        app.AssertSent("POST /token 400", "POST /token 400");

        // A script that goes on asking isn't given cookies for a sign-in each time, until no request has room for them.
        string cookies = visitor.Cookies;
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.OpenAsync("/in", isPage: false)).Status);
        Assert.Equal(cookies, visitor.Cookies);

        // For the whole app the user is signed out now, though the cookie is still good.
        Assert.Equal("nobody", await visitor.ReadAsync("/"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.OpenAsync("/in", isPage: false)).Status);
        visitor.Visited.Clear();
        Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
        Assert.Contains(visitor.Visited, uri => uri.AbsolutePath == "/auth");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_goes_to_the_api_without_a_user(bool isPage)
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new());
        using Visitor visitor = app.Open();

        (HttpStatusCode status, string text) = await visitor.OpenAsync("/open?client=userinfo", isPage);

        // A page comes back signed in, and is answered then.
        Assert.Equal((isPage ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, isPage), (status, text.Contains("alice")));
        Assert.Equal(isPage ? 2 : 0, app.TakeAttempts().Count(attempt => attempt.Uri == site.AuthorizationServer.UserInfoEndpoint));
    }

    /// <summary>As in an app that had no DPoP when they signed in.</summary>
    [Fact]
    public async Task A_user_with_a_cookie_from_before_signs_in_once_more()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Map = web => web.MapGet("/before", (HttpContext context) => context.SignInAsync("cookie", new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", "alice")], "before")))),
        });
        using Visitor visitor = app.Open();
        await visitor.OpenAsync("/before");
        Assert.Equal("alice", await visitor.ReadAsync("/in"));
        Assert.Empty(visitor.Visited);

        Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
        Assert.Contains(visitor.Visited, uri => uri.AbsolutePath == "/auth");
    }

    [Fact]
    public async Task An_outage_is_an_exception_of_its_own_with_a_pause_and_the_old_token_serves_while_it_is_good()
    {
        bool isDown = false;
        int asked = 0;
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Network = request =>
            {
                if (!isDown || request.RequestUri != site.AuthorizationServer.TokenEndpoint)
                {
                    return Task.FromResult<HttpResponseMessage?>(null);
                }

                asked++;
                return asked % 2 == 0 ? throw new HttpRequestException("connection refused") : Task.FromResult<HttpResponseMessage?>(new(HttpStatusCode.BadGateway));
            },
        });
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        isDown = true;

        await site.AdvanceAsync(Site.TokenLifetime - TimeSpan.FromMinutes(1));
        for (int i = 0; i < 5; i++)
        {
            Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
        }

        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        app.TakeAttempts();
        for (int i = 0; i < 5; i++)
        {
            DpopTokenException outage = await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());
            Assert.Equal(DpopTokenErrorCodes.TokenUnavailable, outage.Code);
        }

        Assert.Equal(HttpStatusCode.InternalServerError, (await visitor.OpenAsync("/call?client=userinfo", isPage: false)).Status);
        Assert.Equal(2, asked);
        Assert.DoesNotContain(app.TakeAttempts(), attempt => attempt.Uri == site.AuthorizationServer.UserInfoEndpoint);

        isDown = false;
        await site.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
    }

    [Fact]
    public async Task A_token_that_the_api_refuses_is_replaced_once_and_if_there_is_no_other_the_refusal_stands()
    {
        bool isDown = false;
        int refusals = 0;
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Network = request =>
            {
                if (isDown && request.RequestUri == site.AuthorizationServer.TokenEndpoint)
                {
                    throw new HttpRequestException("connection refused");
                }

                if (request.RequestUri != site.AuthorizationServer.UserInfoEndpoint || Interlocked.Decrement(ref refusals) < 0)
                {
                    return Task.FromResult<HttpResponseMessage?>(null);
                }

                HttpResponseMessage refusal = new(HttpStatusCode.Unauthorized);
                refusal.Headers.WwwAuthenticate.ParseAdd("DPoP error=\"invalid_token\"");
                return Task.FromResult<HttpResponseMessage?>(refusal);
            },
        });
        using Visitor visitor = await app.SignInAsync();
        await site.AdvanceAsync(TimeSpan.FromMinutes(1));

        refusals = 1;
        Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
        app.AssertSent("GET /me 401", "POST /token 200", "GET /me 200");

        await site.AdvanceAsync(TimeSpan.FromMinutes(1));
        (isDown, refusals) = (true, 100);
        await visitor.OpenAsync("/call?client=userinfo", isPage: false);
        app.AssertSent("GET /me 401");
    }

    [Fact]
    public async Task A_refusal_of_the_app_ends_no_session_and_is_not_asked_for_again_within_half_a_minute()
    {
        int asked = 0;
        bool refuses = false;
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Network = request =>
            {
                if (!refuses || request.RequestUri != site.AuthorizationServer.TokenEndpoint)
                {
                    return Task.FromResult<HttpResponseMessage?>(null);
                }

                asked++;
                return Task.FromResult<HttpResponseMessage?>(new(HttpStatusCode.Unauthorized) { Content = new StringContent("""{"error":"invalid_client"}""") });
            },
        });
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        await site.OutliveTokensAsync();
        refuses = true;

        for (int i = 0; i < 5; i++)
        {
            DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());
            Assert.Equal((DpopTokenErrorCodes.TokenRefused, "invalid_client"), (exception.Code, exception.Error));
        }

        await site.AdvanceAsync(TimeSpan.FromSeconds(29));
        await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());
        Assert.Equal(1, asked);
        refuses = false;
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        await session.GetTokenAsync();
    }

    [Fact]
    public async Task A_session_that_ends_during_a_renewal_stays_ended_and_its_newest_refresh_token_is_revoked()
    {
        await using Site site = await Site.StartAsync();
        HeldRenewal held = new(site);
        await using WebApp app = await WebApp.StartAsync(site, new() { Network = held.PassAsync });
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        await site.OutliveTokensAsync();

        Task renewal = session.GetTokenAsync().AsTask();
        await held.Arrived;
        Task ending = session.EndAsync();
        held.Release();
        await ending;
        await renewal;

        await Assert.ThrowsAsync<DpopSignInRequiredException>(async () => await session.GetTokenAsync());
        Attempt[] sent = [.. app.TakeAttempts()];
        Assert.Equal(["POST /token 400", "POST /token 200", "POST /token/revocation 200"], sent.Select(attempt => attempt.ToString()));
        Assert.NotEqual(sent[1].Form["refresh_token"], sent[2].Form["token"]);
    }

    private static async Task<string> RenewAsync(Site site, WebApp app, Visitor visitor)
    {
        await site.OutliveTokensAsync();
        await visitor.ReadAsync("/call?client=userinfo");
        return app.TakeAttempts()[0].Form["refresh_token"];
    }

    /// <summary>A refresh token that was rotated is taken for stolen when it is used again: the server ends the grant.</summary>
    private static async Task RevokeAsync(Site site, WebApp app, Visitor visitor, string refreshToken)
    {
        DpopKey key = (await app.Session(await visitor.ReadAsync("/id")).GetTokenAsync()).Key;
        using HttpClient thief = new(new DpopHandler(key, new DpopOptions { TimeProvider = site.Time }) { InnerHandler = new SocketsHttpHandler() });
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
            ["client_id"] = AuthorizationServer.PublicClient,
        });
        using HttpResponseMessage answer = await thief.PostAsync(site.AuthorizationServer.TokenEndpoint, form);
        Assert.Contains("invalid_grant", await answer.Content.ReadAsStringAsync());
    }
}
