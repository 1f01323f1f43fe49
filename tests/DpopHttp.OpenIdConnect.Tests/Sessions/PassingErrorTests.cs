using System.Net;
using System.Text;
using DpopHttp.OpenIdConnect.Sessions;
using DpopHttp.OpenIdConnect.Tests.Instances;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Sessions;

/// <summary>What goes wrong at the token endpoint without saying that the refresh token is no good (RFC 6749 section 5.2).</summary>
public sealed class PassingErrorTests : IAsyncLifetime
{
    private readonly TestStore _store = new();
    private Func<HttpResponseMessage?> _answer = () => null;
    private int _asked;
    private Site _site = null!;
    private WebApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await Site.StartAsync();
        _app = await WebApp.StartAsync(_site, new()
        {
            Dpop = dpop =>
            {
                dpop.KeyPerSession = true;
                dpop.Store = _store;
            },
            Network = request =>
            {
                HttpResponseMessage? answer = request.RequestUri == _site.AuthorizationServer.TokenEndpoint ? _answer() : null;
                _asked += answer is null ? 0 : 1;
                return Task.FromResult(answer);
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("use_dpop_nonce", DpopTokenErrorCodes.TokenUnavailable)]
    [InlineData("temporarily_unavailable", DpopTokenErrorCodes.TokenUnavailable)]
    [InlineData("server_error", DpopTokenErrorCodes.TokenUnavailable)]
    [InlineData("slow_down", DpopTokenErrorCodes.TokenUnavailable)]
    [InlineData("an_error_of_the_servers_own", DpopTokenErrorCodes.TokenRefused)]
    public async Task Only_invalid_grant_ends_a_session(string error, string code)
    {
        DpopSession session = await SignInAsync();
        await _site.OutliveTokensAsync();
        _answer = () => Answer(error);

        for (int i = 0; i < 3; i++)
        {
            DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());
            Assert.Equal(code, exception.Code);
        }

        Assert.Equal(1, _asked);
        _answer = () => null;
        await _site.AdvanceAsync(TimeSpan.FromSeconds(31));
        await session.GetTokenAsync();
    }

    [Fact]
    public async Task A_refusal_of_a_refresh_token_that_another_instance_has_spent_ends_no_session()
    {
        DpopSession session = await SignInAsync();
        await _site.OutliveTokensAsync();
        SessionSeal seal = _app.Services.GetRequiredService<SessionSeal>();
        SessionRecord Stored() => seal.Unprotect(session.Id, _store.Read(session.Id))!;
        _answer = () =>
        {
            // It took the lock away from this one, which was too slow.
            DateTimeOffset now = _site.Time.GetUtcNow();
            _store.Write(session.Id, seal.Protect(Stored() with { AccessToken = "later", RefreshToken = "later", ObtainedAt = now, ExpiresAt = now + Site.TokenLifetime }));
            return Answer("invalid_grant");
        };

        Assert.Equal("later", (await session.GetTokenAsync()).Value);
        Assert.Null(Stored().Refused);
    }

    [Fact]
    public async Task Each_failure_is_followed_by_a_pause()
    {
        DpopSession session = await SignInAsync();
        await _site.OutliveTokensAsync();
        int locks = 0;
        _store.Before = what => what == "lock" ? throw new IOException($"The lock server is down, {++locks}.") : Task.CompletedTask;

        for (int time = 1; time <= 3; time++)
        {
            for (int i = 0; i < 3; i++)
            {
                await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());
            }

            Assert.Equal(time, locks);
            await _site.AdvanceAsync(TimeSpan.FromSeconds(6));
        }
    }

    [Fact]
    public async Task An_outage_that_another_user_met_costs_a_session_one_look_into_the_store()
    {
        DpopSession first = await SignInAsync(), second = await SignInAsync();
        await _site.OutliveTokensAsync();
        _answer = () =>
        {
            HttpResponseMessage answer = new(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter = new(TimeSpan.FromSeconds(50));
            return answer;
        };
        await Assert.ThrowsAsync<DpopTokenException>(async () => await first.GetTokenAsync());
        int locks = _store.Done.Count(what => what == "lock");

        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<DpopTokenException>(async () => await second.GetTokenAsync());
            await _site.AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        Assert.Equal((1, locks + 1), (_asked, _store.Done.Count(what => what == "lock")));
    }

    [Fact]
    public async Task A_server_that_gives_tokens_without_a_key_is_not_asked_with_each_call()
    {
        DpopSession session = await SignInAsync();
        await _site.OutliveTokensAsync();
        _answer = () => new(HttpStatusCode.OK) { Content = Json("""{"access_token":"a","token_type":"Bearer"}""") };

        for (int i = 0; i < 3; i++)
        {
            DpopTokenException exception = await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());
            Assert.Equal(DpopTokenErrorCodes.TokenNotBound, exception.Code);
        }

        Assert.Equal(1, _asked);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HttpResponseMessage Answer(string error) => new(HttpStatusCode.BadRequest) { Content = Json($$"""{"error":"{{error}}"}""") };

    private async Task<DpopSession> SignInAsync()
    {
        using Visitor visitor = await _app.SignInAsync();
        return _app.Session(await visitor.ReadAsync("/id"));
    }
}
