using System.Net;
using System.Security.Claims;
using DpopHttp.OpenIdConnect.Tests.Instances;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.SignIn;

/// <summary>What an app does while its users' cookies are being validated waits for no end of that.</summary>
public sealed class CookieValidationTests(Servers servers)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestStore _store = new();
    private bool _isRevoked;

    /// <summary>The way that the framework's documentation shows for a user who has changed.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_validation_that_signs_out_ends_the_session(bool async)
    {
        await using WebApp app = await StartAsync(services => OnValidation(services, async context =>
        {
            if (async)
            {
                await Task.Yield();
            }

            if (_isRevoked)
            {
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync("cookie");
            }
        }));
        using Visitor visitor = await app.SignInAsync();
        string id = await visitor.ReadAsync("/id");
        _isRevoked = true;

        Assert.Equal("nobody", await visitor.ReadAsync("/").WaitAsync(Patience));

        Assert.False(_store.Has(id));
        app.AssertSent("POST /token/revocation 200");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_validation_may_ask_the_API_as_the_user(bool async)
    {
        int asked = 0;
        await using WebApp app = await StartAsync(services => OnValidation(services, async context =>
        {
            if (async)
            {
                await Task.Yield();
            }

            asked++;
            Assert.Contains("alice", await AskAsync(context.HttpContext));
        }));
        using Visitor visitor = await app.SignInAsync();

        Assert.Equal("alice", await visitor.ReadAsync("/").WaitAsync(Patience));
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_claims_transformation_may_ask_the_API_as_the_user()
    {
        await using WebApp app = await StartAsync(services => services.AddTransient<IClaimsTransformation, ClaimsOfTheApi>());
        using Visitor visitor = await app.SignInAsync();

        Assert.Equal("alice", await visitor.ReadAsync("/").WaitAsync(Patience));
        app.AssertSent("GET /me 200");
    }

    [Fact]
    public async Task Who_was_rejected_has_no_session()
    {
        await using WebApp app = await StartAsync(services => OnValidation(services, RejectRevokedAsync));
        using Visitor visitor = await app.SignInAsync();
        _isRevoked = true;

        Assert.Equal(HttpStatusCode.Unauthorized, (await visitor.OpenAsync("/open?client=userinfo", isPage: false)).Status);
        app.AssertSent();
    }

    [Fact]
    public async Task Sign_out_removes_a_session_whose_cookie_is_not_taken_any_more()
    {
        await using WebApp app = await StartAsync(services => OnValidation(services, RejectRevokedAsync));
        using Visitor visitor = await app.SignInAsync();
        string id = await visitor.ReadAsync("/id");
        _isRevoked = true;

        await visitor.ReadAsync("/out");

        Assert.False(_store.Has(id));
        app.AssertSent("POST /token/revocation 200");
    }

    private Task RejectRevokedAsync(CookieValidatePrincipalContext context)
    {
        if (_isRevoked)
        {
            context.RejectPrincipal();
        }

        return Task.CompletedTask;
    }

    private static void OnValidation(IServiceCollection services, Func<CookieValidatePrincipalContext, Task> validate) =>
        services.Configure<CookieAuthenticationOptions>("cookie", cookie => cookie.Events.OnValidatePrincipal = validate);

    private static Task<string> AskAsync(HttpContext context) =>
        context.RequestServices.GetRequiredService<IHttpClientFactory>().CreateClient(WebApp.Userinfo).GetStringAsync("");

    private Task<WebApp> StartAsync(Action<IServiceCollection> services) => WebApp.StartAsync(servers.Site, new()
    {
        Dpop = dpop =>
        {
            dpop.KeyPerSession = true;
            dpop.Store = _store;
        },
        Services = services,
    });

    private sealed class ClaimsOfTheApi(IHttpContextAccessor accessor) : IClaimsTransformation
    {
        public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            Assert.Contains("alice", await AskAsync(accessor.HttpContext!));
            return principal;
        }
    }
}
