using DpopHttp.OpenIdConnect.Tests.Instances;
using DpopHttp.OpenIdConnect.Tests.Support;

namespace DpopHttp.OpenIdConnect.Tests.Sessions;

/// <summary>A renewal whose access token can't be used has used the refresh token up all the same: the next one isn't lost.</summary>
public sealed class UnusableRenewalTests : IAsyncLifetime
{
    private readonly TestStore _store = new();
    private Func<string, string>? _change;
    private Site _site = null!;
    private WebApp _app = null!;
    private DpopSession _session = null!;

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
            Network = ChangeAsync,
        });
        using Visitor visitor = await _app.SignInAsync();
        _session = _app.Session(await visitor.ReadAsync("/id"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Theory]
    [InlineData("\"token_type\":\"DPoP\"", "\"token_type\":\"Bearer\"", DpopTokenErrorCodes.TokenNotBound)]
    [InlineData("\"access_token\":\"", "\"access_token\":\"\\n", DpopTokenErrorCodes.TokenUnavailable)]
    public async Task The_refresh_token_that_came_along_is_the_one_that_is_used_next(string part, string instead, string code)
    {
        await _site.OutliveTokensAsync();
        _change = json => json.Replace(part, instead, StringComparison.Ordinal);
        Assert.Equal(code, (await Assert.ThrowsAsync<DpopTokenException>(async () => await _session.GetTokenAsync())).Code);

        _change = null;
        await _site.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.True((await _session.GetTokenAsync()).ExpiresAt > _site.Time.GetUtcNow());
    }

    [Fact]
    public async Task It_is_kept_when_the_store_fails_as_well()
    {
        await _site.OutliveTokensAsync();
        _change = json => json.Replace("\"token_type\":\"DPoP\"", "\"token_type\":\"Bearer\"", StringComparison.Ordinal);
        _store.Before = what => what == "save" ? throw new IOException("The disk is full.") : Task.CompletedTask;
        await Assert.ThrowsAsync<DpopTokenException>(async () => await _session.GetTokenAsync());

        (_change, _store.Before) = (null, _ => Task.CompletedTask);
        await _site.AdvanceAsync(TimeSpan.FromSeconds(6));

        Assert.True((await _session.GetTokenAsync()).ExpiresAt > _site.Time.GetUtcNow());
    }

    private async Task<HttpResponseMessage?> ChangeAsync(HttpRequestMessage request)
    {
        if (_change is not { } change || request.RequestUri != _site.AuthorizationServer.TokenEndpoint)
        {
            return null;
        }

        HttpResponseMessage answer = await Forwarded.SendAsync(request);
        string json = await answer.Content.ReadAsStringAsync();
        answer.Content = new StringContent(change(json), answer.Content.Headers.ContentType!);
        return answer;
    }
}
