using System.Net;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.SignIn;

public sealed class AnswerTests
{
    [Fact]
    public async Task A_token_that_is_not_bound_signs_nobody_in()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Network = async request =>
            {
                if (request.RequestUri != site.AuthorizationServer.TokenEndpoint)
                {
                    return null;
                }

                HttpResponseMessage answer = await Forwarded.SendAsync(request);
                string json = await answer.Content.ReadAsStringAsync();
                answer.Content = new StringContent(json.Replace("\"token_type\":\"DPoP\"", "\"token_type\":\"Bearer\"", StringComparison.Ordinal), answer.Content.Headers.ContentType!);
                return answer;
            },
        });
        using Visitor visitor = app.Open();

        Assert.Equal(HttpStatusCode.InternalServerError, (await visitor.OpenAsync("/in")).Status);

        Assert.Contains("type 'Bearer'", app.Faults());
        Assert.Equal("nobody", await visitor.ReadAsync("/"));
    }

    [Fact]
    public async Task Sessions_go_on_with_the_key_that_they_began_with_when_it_is_rotated()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new());
        using Visitor before = await app.SignInAsync();
        DpopKeyRing keys = app.Services.GetRequiredService<DpopKeyRing>();
        string former = keys.Get("oidc.dpop").Thumbprint;

        string latter = keys.Rotate("oidc.dpop").Thumbprint;
        using Visitor after = await app.SignInAsync();
        await site.OutliveTokensAsync();

        Assert.Contains("alice", await before.ReadAsync("/call?client=userinfo"));
        Assert.Contains("alice", await after.ReadAsync("/call?client=userinfo"));
        Assert.Equal(former, (await app.Session(await before.ReadAsync("/id")).GetTokenAsync()).Key.Thumbprint);
        Assert.Equal(latter, (await app.Session(await after.ReadAsync("/id")).GetTokenAsync()).Key.Thumbprint);
    }

    [Fact]
    public async Task A_key_that_is_rotated_while_the_user_signs_in_still_redeems_the_code()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            OpenId = openId => openId.Events.OnMessageReceived = context =>
            {
                context.HttpContext.RequestServices.GetRequiredService<DpopKeyRing>().Rotate("oidc.dpop");
                return Task.CompletedTask;
            },
        });
        using Visitor visitor = app.Open();

        Assert.Equal("alice", await visitor.ReadAsync("/in"));

        string current = app.Services.GetRequiredService<DpopKeyRing>().Get("oidc.dpop").Thumbprint;
        Assert.NotEqual(current, (await app.Session(await visitor.ReadAsync("/id")).GetTokenAsync()).Key.Thumbprint);
        Assert.Contains("alice", await visitor.ReadAsync("/call?client=userinfo"));
    }

    [Fact]
    public async Task A_token_is_renewed_when_the_response_has_begun()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new()
        {
            Map = web => web.MapGet("/late", async (HttpContext context, IHttpClientFactory factory) =>
            {
                await context.Response.WriteAsync("begun ");
                await context.Response.Body.FlushAsync();
                await context.Response.WriteAsync(await factory.CreateClient(WebApp.Userinfo).GetStringAsync(""));
            }).RequireAuthorization(),
        });
        using Visitor visitor = await app.SignInAsync();
        for (int i = 0; i < 3; i++)
        {
            await site.OutliveTokensAsync();
            Assert.Contains("alice", await visitor.ReadAsync("/late"));
        }
    }

    [Fact]
    public async Task No_log_line_has_a_secret_in_it()
    {
        await using Site site = await Site.StartAsync();
        await using WebApp app = await WebApp.StartAsync(site, new() { Client = AuthorizationServer.PostClient, Dpop = dpop => dpop.KeyPerSession = true });
        using Visitor visitor = app.Open();
        await visitor.ReadAsync("/in");
        string id = await visitor.ReadAsync("/id");
        await site.OutliveTokensAsync();
        await visitor.ReadAsync("/call?client=userinfo");
        DpopUserToken token = await app.Session(id).GetTokenAsync();
        await visitor.ReadAsync("/out");
        string[] secrets =
        [
            id, token.Value, site.AuthorizationServer.ClientSecret,
            .. app.TakeAttempts().SelectMany(attempt => attempt.Form.Where(field => field.Key is "refresh_token" or "code" or "code_verifier" or "token").Select(field => field.Value)),
        ];
        Assert.True(secrets.Length >= 6);
        string[] lines = [.. app.Logs.GetSnapshot().Where(record => record.Category!.StartsWith("DpopHttp", StringComparison.Ordinal))
            .Select(record => $"{record.Message} {string.Join(' ', record.StructuredState ?? [])} {record.Exception}")];
        Assert.NotEmpty(lines);
        Assert.All(secrets, secret => Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.Ordinal)));
        Assert.DoesNotContain(id, app.Session(id).ToString());
        Assert.DoesNotContain(token.Value, token.ToString());
    }
}
