using System.Net;
using DpopHttp.Tests.Support;
using DpopHttp.Tool.Tests.Support;
using DpopHttp.Tool.TokenFiles;
using Microsoft.AspNetCore.Http;

namespace DpopHttp.Tool.Tests.Tokens;

/// <summary>Stored tokens that have expired, or that the API refuses, in dpop call and dpop proxy.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    private readonly ToolBench _bench = new();
    private readonly List<string> _authorizations = [];
    private RefreshServer _issuer = null!;
    private LoopbackServer _api = null!;

    public async ValueTask InitializeAsync()
    {
        (await _bench.RunAsync("key", "new")).Succeeded();
        _issuer = await RefreshServer.StartAsync();
        _api = await LoopbackServer.StartAsync(context =>
        {
            string authorization = context.Request.Headers.Authorization.ToString();
            lock (_authorizations)
            {
                _authorizations.Add(authorization);
            }

            if (authorization != "DPoP new")
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = "DPoP error=\"invalid_token\"";
            }

            return Task.CompletedTask;
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _issuer.DisposeAsync();
        _bench.Dispose();
    }

    [Fact]
    public async Task Call_renews_a_token_that_has_expired()
    {
        Store(-1);
        ToolRun run = (await CallAsync("-v")).Succeeded();
        Assert.Equal(["of-a"], _issuer.Seen);
        Assert.Equal(["DPoP new"], _authorizations);
        Assert.Contains("* The stored token has expired. It was renewed", run.Error, StringComparison.Ordinal);
        StoredToken token = Assert.Single(new StoredTokens(_bench.PathOf("key.json")).Load());
        Assert.Equal(("new", "of-a"), (token.AccessToken, token.RefreshToken));
        Assert.Empty((await CallAsync()).Succeeded().Error);
        Assert.Single(_issuer.Seen);
    }

    [Fact]
    public async Task Call_renews_a_token_that_the_API_refuses()
    {
        Store(+60);
        ToolRun run = (await CallAsync("-v")).Succeeded();
        Assert.Equal(["of-a"], _issuer.Seen);
        Assert.Equal(["DPoP of-a-token", "DPoP new"], _authorizations);
        Assert.Contains("* The stored token was refused. It was renewed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_at_the_same_time_use_the_refresh_token_once()
    {
        Store(-1);
        foreach (ToolRun run in await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CallAsync())))
        {
            run.Succeeded();
        }

        Assert.Single(_issuer.Seen);
    }

    [Fact]
    public async Task A_token_that_cannot_be_renewed_goes_out_with_a_warning()
    {
        Store(-1);
        _issuer.Refuses = true;
        ToolRun run = await CallAsync();
        Assert.Equal(22, run.ExitCode);
        Assert.Contains("invalid_grant", run.Error, StringComparison.Ordinal);
        Assert.Equal(["DPoP of-a-token"], _authorizations);
    }

    [Fact]
    public async Task The_proxy_renews_once_and_does_not_ask_again_at_once_where_that_fails()
    {
        Store(-1);
        _issuer.Refuses = true;
        await using RunningTool proxy = await _bench.StartAsync("proxy", "--to", _api.BaseAddress.AbsoluteUri, "--port", "0");
        using HttpClient client = new();
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(client, proxy));
        Assert.Equal(HttpStatusCode.Unauthorized, await GetAsync(client, proxy));
        Assert.Single(_issuer.Seen);

        _issuer.Refuses = false;
        await using RunningTool another = await _bench.StartAsync("proxy", "--to", _api.BaseAddress.AbsoluteUri, "--port", "0");
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, another));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, another));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(client, proxy));
        Assert.Equal(2, _issuer.Seen.Count);
    }

    private static async Task<HttpStatusCode> GetAsync(HttpClient client, RunningTool proxy)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(proxy.Url), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private void Store(int minutes) => _issuer.Store(
        _bench, "of-a", [_api.BaseAddress.GetLeftPart(UriPartial.Authority)], TimeProvider.System.GetUtcNow().AddMinutes(minutes));

    private Task<ToolRun> CallAsync(params string[] arguments) => _bench.RunAsync(["call", _api.BaseAddress.AbsoluteUri, .. arguments]);
}
