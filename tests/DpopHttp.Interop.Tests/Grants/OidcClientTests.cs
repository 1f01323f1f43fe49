using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Duende.IdentityModel.OidcClient;
using Duende.IdentityModel.OidcClient.Browser;
using Microsoft.Extensions.DependencyInjection;
using static DpopHttp.Interop.Tests.Grants.GrantBench;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>A native app that signs in with OidcClient, whose requests go through an AddDpop client.</summary>
[Collection(GrantGroup.Name)]
public sealed class OidcClientTests(GrantServers servers)
{
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task A_user_signs_in_calls_the_API_and_the_tokens_are_renewed(bool tls, bool pushed)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory();
        await using GrantBench bench = Open(tls, store);
        (LoginResult login, DpopKey key) = await SignInAsync(bench, pushed);
        Assert.False(login.IsError, $"{login.Error}: {login.ErrorDescription}");
        Assert.Equal("alice", login.User.FindFirst("sub")?.Value);
        bench.AssertSent(pushed ? ["POST /request 400", "POST /request 201", "POST /token 200"] : ["POST /token 400", "POST /token 200"]);

        await store.SaveAsync(new DpopRefreshToken(login.RefreshToken, key.Thumbprint));
        using HttpClient orders = bench.CreateClient(Orders);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("alice", (await bench.CallApiAsync(orders)).GetProperty("sub").GetString());
            await bench.OutliveTokensAsync();
        }
    }

    [Fact]
    public async Task A_code_for_another_key_is_not_redeemed()
    {
        await using GrantBench bench = Open(tls: false, DpopRefreshTokenStore.InMemory());
        bench.AddClient("other").AddDpop();
        (LoginResult login, _) = await SignInAsync(bench, pushed: false, "other");
        Assert.Contains("invalid_grant", login.Error, StringComparison.Ordinal);
    }

    private static async Task<(LoginResult Login, DpopKey Key)> SignInAsync(GrantBench bench, bool pushed, string? other = null)
    {
        ServiceProvider provider = bench.Provider;
        (string authority, string clientId, string redirectUri, string scope, string api) =
            (bench.Server.Issuer, AuthorizationServer.PublicClient, AuthorizationServer.RedirectUri, "openid orders.read", bench.Server.Resource);
        using Browser user = bench.OpenBrowser();
        IBrowser browser = new UsersBrowser(user);

        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        OidcClientOptions options = new()
        {
            Authority = authority,
            ClientId = clientId,
            RedirectUri = redirectUri,
            Scope = scope,
            Resource = [api],
            LoadProfile = false,
            Browser = browser,
            HttpClientFactory = _ => factory.CreateClient("identity"),
        };
        options.DisablePushedAuthorization = !pushed;

        DpopKey key = provider.GetRequiredService<DpopKeyRing>().Get(other ?? "identity");
        LoginRequest request = new() { FrontChannelExtraParameters = new Parameters().AddDpopJkt(key) };
        LoginResult login = await new OidcClient(options).LoginAsync(request);
        return (login, key);
    }

    private GrantBench Open(bool tls, DpopRefreshTokenStore store)
    {
        GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        bench.AddIdentity(AuthorizationServer.PublicClient);
        bench.AddClient(Orders).AddDpop().AddDpopRefreshToken(options =>
        {
            (options.TokenEndpoint, options.ClientId, options.Store) = (bench.Server.TokenEndpoint, AuthorizationServer.PublicClient, store);
            options.Resources.Add(bench.Server.Resource!);
        });
        return bench;
    }

    private sealed class UsersBrowser(Browser browser) : IBrowser
    {
        public async Task<BrowserResult> InvokeAsync(BrowserOptions options, CancellationToken cancellationToken = default) =>
            new() { ResultType = BrowserResultType.Success, Response = (await browser.AuthorizeAsync(new Uri(options.StartUrl))).AbsoluteUri };
    }
}
