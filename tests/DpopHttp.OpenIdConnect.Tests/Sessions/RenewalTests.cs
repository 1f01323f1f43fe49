using System.Net;
using DpopHttp.OpenIdConnect.Tests.Support;

namespace DpopHttp.OpenIdConnect.Tests.Sessions;

public sealed class RenewalTests
{
    private static readonly string[] OneRenewal = ["POST /token 400", "POST /token 200"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_calls_after_expiry_cost_one_renewal_and_the_cookie_from_before_is_still_good(bool keyPerSession)
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new() { Dpop = dpop => dpop.KeyPerSession = keyPerSession });
        using Visitor visitor = await app.SignInAsync();
        using Visitor before = visitor.Copy();

        // The nonce is dead as well: one request learns the next, however many wait.
        await site.OutliveTokensAsync();
        (HttpStatusCode Status, string Text)[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => visitor.OpenAsync("/call?client=userinfo", isPage: false)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Attempt[] sent = [.. app.TakeAttempts()];
        Assert.Equal(OneRenewal, sent.Where(attempt => attempt.Uri == site.AuthorizationServer.TokenEndpoint).Select(attempt => attempt.ToString()));
        Assert.Equal(10, sent.Count(attempt => attempt.Uri == site.AuthorizationServer.UserInfoEndpoint));

        Assert.Equal(HttpStatusCode.OK, (await before.OpenAsync("/call?client=userinfo", isPage: false)).Status);
        app.AssertSent("GET /me 200");
    }

    [Fact]
    public async Task Calls_that_come_one_after_the_other_with_an_old_cookie_spend_no_refresh_token_twice()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new());
        using Visitor visitor = await app.SignInAsync();
        await site.OutliveTokensAsync();

        List<Task<(HttpStatusCode Status, string Text)>> calls = [];
        for (int i = 0; i < 10; i++)
        {
            calls.Add(visitor.Copy().OpenAsync("/call?client=userinfo", isPage: false));
            await Task.Delay(30);
        }

        Assert.All(await Task.WhenAll(calls), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(OneRenewal, app.TakeAttempts().Where(attempt => attempt.Uri == site.AuthorizationServer.TokenEndpoint).Select(attempt => attempt.ToString()));
    }

    [Fact]
    public async Task Ten_calls_within_one_request_cost_one_renewal()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new() { Resource = site.AuthorizationServer.Resource });
        using Visitor visitor = await app.SignInAsync();
        await site.OutliveTokensAsync();

        string[] lines = (await visitor.ReadAsync("/calls?client=orders&count=10")).Split('\n');

        Assert.Equal(10, lines.Length);
        Attempt[] sent = [.. app.TakeAttempts()];
        Assert.Equal(OneRenewal, sent.Where(attempt => attempt.Uri == site.AuthorizationServer.TokenEndpoint).Select(attempt => attempt.ToString()));
        Assert.Equal(site.AuthorizationServer.Resource, sent[0].Form["resource"]);
    }

    [Fact]
    public async Task A_browser_that_leaves_during_a_renewal_takes_it_from_nobody()
    {
        await using Site site = await Site.StartAsync();
        HeldRenewal held = new(site);
        await using WebApp app = await WebApp.StartAsync(site, new() { Network = held.PassAsync });
        using Visitor visitor = await app.SignInAsync();
        await site.OutliveTokensAsync();

        using CancellationTokenSource leaves = new();
        Task first = visitor.OpenAsync("/call?client=userinfo", isPage: false, leaves.Token);
        await held.Arrived;
        Task<(HttpStatusCode Status, string Text)>[] others = [.. Enumerable.Range(0, 9).Select(_ => visitor.OpenAsync("/call?client=userinfo", isPage: false))];
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        held.Release();

        Assert.All(await Task.WhenAll(others), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(OneRenewal, app.TakeAttempts().Where(attempt => attempt.Uri == site.AuthorizationServer.TokenEndpoint).Select(attempt => attempt.ToString()));
    }

    [Fact]
    public async Task What_one_does_with_the_token_holds_up_nobody_who_waited_as_well()
    {
        await using Site site = await Site.StartAsync();
        HeldRenewal held = new(site);
        await using WebApp app = await WebApp.StartAsync(site, new() { Network = held.PassAsync });
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        await site.OutliveTokensAsync();
        using ManualResetEventSlim othersHaveIt = new();
        using CancellationTokenSource cancellation = new();
        async Task TakeAsync(Action then)
        {
            await session.GetTokenAsync(cancellation.Token);
            then();
        }

        // Without the context of the test, which would let each go on by itself.
        (Task First, Task Second) takers = await Task.Run(() => (TakeAsync(() => Assert.True(othersHaveIt.Wait(TimeSpan.FromMinutes(1)))), TakeAsync(othersHaveIt.Set)));
        await held.Arrived.WaitAsync(TimeSpan.FromMinutes(1));
        held.Release();
        await Task.WhenAll(takers.First, takers.Second);
    }

    [Fact]
    public async Task A_token_near_its_end_is_renewed_in_the_background_while_it_is_used()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new());
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        DpopUserToken old = await session.GetTokenAsync();
        await site.AdvanceAsync(Site.TokenLifetime - TimeSpan.FromMinutes(1));

        Assert.Equal(old.Value, (await session.GetTokenAsync()).Value);
        DpopUserToken next = old;
        while (next.Value == old.Value)
        {
            await Task.Delay(20);
            next = await session.GetTokenAsync();
        }

        Assert.True(next.ExpiresAt > old.ExpiresAt);
        app.AssertSent(OneRenewal);
    }

    [Fact]
    public async Task A_job_goes_on_with_the_users_token_when_the_request_has_ended()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new());
        using Visitor visitor = await app.SignInAsync();
        DpopSession session = app.Session(await visitor.ReadAsync("/id"));
        HttpClient client = ((IHttpClientFactory)app.Services.GetService(typeof(IHttpClientFactory))!).CreateClient(WebApp.Userinfo);
        await site.OutliveTokensAsync();

        using (session.Use())
        {
            Assert.Contains("alice", await client.GetStringAsync(""));
        }

        using HttpRequestMessage named = new(HttpMethod.Get, "");
        named.SetDpopSession(session);
        using HttpResponseMessage answer = await client.SendAsync(named);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        app.TakeAttempts();
        await Assert.ThrowsAsync<DpopSignInRequiredException>(() => client.GetStringAsync(""));
        app.AssertSent();
    }
}
