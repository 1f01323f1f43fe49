using System.Net;
using DpopHttp.OpenIdConnect.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DpopHttp.OpenIdConnect.Tests.Setup;

/// <summary>Many apps give all their clients a resilience handler. Codes and refresh tokens are good once: whether they are sent again isn't its to say.</summary>
public sealed class ResilienceOfAllClientsTests : IAsyncLifetime
{
    private readonly List<string> _refused = [];
    private Site _site = null!;
    private WebApp _app = null!;
    private string? _refusedGrant;

    public async ValueTask InitializeAsync()
    {
        _site = await Site.StartAsync();
        _app = await WebApp.StartAsync(_site, new()
        {
            Services = services => services.ConfigureHttpClientDefaults(all => all.AddResilienceHandler(
                "retry", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.Zero }))),
            Network = RefuseAsync,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_code_is_redeemed_once()
    {
        _refusedGrant = "authorization_code";
        using Visitor visitor = _app.Open();

        Assert.Equal(HttpStatusCode.InternalServerError, (await visitor.OpenAsync("/in")).Status);

        Assert.Single(_refused);
    }

    [Fact]
    public async Task A_refresh_token_is_sent_once()
    {
        using Visitor visitor = await _app.SignInAsync();
        DpopSession session = _app.Session(await visitor.ReadAsync("/id"));
        await _site.OutliveTokensAsync();
        _refusedGrant = "refresh_token";

        await Assert.ThrowsAsync<DpopTokenException>(async () => await session.GetTokenAsync());

        Assert.Single(_refused);
    }

    private async Task<HttpResponseMessage?> RefuseAsync(HttpRequestMessage request)
    {
        if (_refusedGrant is null || request.RequestUri != _site.AuthorizationServer.TokenEndpoint)
        {
            return null;
        }

        string form = await request.Content!.ReadAsStringAsync();
        if (!form.Contains($"grant_type={_refusedGrant}", StringComparison.Ordinal))
        {
            return null;
        }

        lock (_refused)
        {
            _refused.Add(form);
        }

        return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
    }
}
