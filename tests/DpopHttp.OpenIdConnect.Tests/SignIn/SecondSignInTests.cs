using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.SignIn;

/// <summary>Somebody signs in with a browser that has the cookie of another user.</summary>
public sealed class SecondSignInTests(Servers servers)
{
    [Fact]
    public async Task Events_of_a_sign_in_never_get_the_token_of_the_user_from_before()
    {
        List<string> given = [];
        await using WebApp app = await StartAsync(openId =>
        {
            openId.Events.OnAuthorizationCodeReceived = context => NoteAsync(context.HttpContext, given);
            openId.Events.OnTokenResponseReceived = context => NoteAsync(context.HttpContext, given);
            openId.Events.OnTokenValidated = context => NoteAsync(context.HttpContext, given);
        });
        using Visitor visitor = await app.SignInAsync();
        given.Clear();

        await visitor.ReadAsync("/again");

        Assert.Equal(["nobody", "nobody", "nobody"], given);
    }

    [Fact]
    public async Task The_last_event_of_a_sign_in_has_the_session_that_begins()
    {
        List<string> given = [];
        await using WebApp app = await StartAsync(openId => openId.Events.OnTicketReceived = context => NoteAsync(context.HttpContext, given));
        using Visitor visitor = await app.SignInAsync();
        string former = await visitor.ReadAsync("/id");
        given.Clear();

        string latter = await visitor.ReadAsync("/again");

        Assert.NotEqual(former, latter);
        Assert.Equal([latter], given);
    }

    private static Task NoteAsync(HttpContext context, List<string> given)
    {
        try
        {
            given.Add(context.GetDpopSession().Id);
        }
        catch (DpopSignInRequiredException)
        {
            given.Add("nobody");
        }

        return Task.CompletedTask;
    }

    private Task<WebApp> StartAsync(Action<OpenIdConnectOptions> openId) => WebApp.StartAsync(servers.Site, new()
    {
        OpenId = openId,
        Map = web => web.MapGet("/again", () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/id" }, ["oidc"])),
    });
}
