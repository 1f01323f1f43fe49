using System.Net;
using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;
using static DpopHttp.Interop.Tests.Grants.GrantBench;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>The authorization code grant with PKCE, PAR and dpop_jkt by Duende.IdentityModel on an AddDpop client.</summary>
[Collection(GrantGroup.Name)]
public sealed class AuthorizationCodeTests(GrantServers servers)
{
    private const string OtherKey = "other";

    [Theory]
    [InlineData(false, AuthorizationServer.PublicClient)]
    [InlineData(false, AuthorizationServer.BasicClient)]
    [InlineData(false, AuthorizationServer.AssertionClient)]
    [InlineData(true, AuthorizationServer.PublicClient)]
    [InlineData(true, AuthorizationServer.BasicClient)]
    [InlineData(true, AuthorizationServer.AssertionClient)]
    public async Task The_code_is_redeemed_with_the_key_that_was_named_and_a_stale_nonce_costs_one_request(bool tls, string clientId)
    {
        await using GrantBench bench = Open(tls, clientId);
        SignIn signIn = new(bench, clientId);
        PushedAuthorizationResponse pushed = await signIn.PushAsync(bench.KeyOf(Orders));
        bench.AssertSent("POST /request 400", "POST /request 201");
        string code = await signIn.ApproveAsync(signIn.UrlOf(pushed));

        await bench.OutliveNoncesAsync();
        TokenResponse tokens = await signIn.RedeemAsync(code);
        Assert.Equal((false, "DPoP"), (tokens.IsError, tokens.TokenType));
        bench.AssertSent("POST /token 400", "POST /token 200");

        JsonElement accepted = await bench.CallApiAsync(bench.CreateClient(Orders), tokens.AccessToken);
        Assert.Equal(("alice", clientId), (accepted.GetProperty("sub").GetString(), accepted.GetProperty("clientId").GetString()));
        bench.AssertSent("GET /orders 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_nonce_of_the_pushed_request_serves_the_token_request(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        SignIn signIn = new(bench, AuthorizationServer.PublicClient);
        string code = await signIn.ApproveAsync(signIn.UrlOf(await signIn.PushAsync(bench.KeyOf(Orders))));
        using TokenResponse tokens = await signIn.RedeemAsync(code);
        Assert.False(tokens.IsError, tokens.Raw);
        bench.AssertSent("POST /request 400", "POST /request 201", "POST /token 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_for_a_code_for_another_key_cannot_be_pushed(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        using PushedAuthorizationResponse pushed = await new SignIn(bench, AuthorizationServer.PublicClient).PushAsync(bench.KeyOf(OtherKey));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (pushed.HttpStatusCode, pushed.Error));
        Assert.Contains("dpop_jkt", pushed.TryGet("error_description"), StringComparison.Ordinal);
        bench.AssertSent("POST /request 400", "POST /request 400");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_code_of_a_pushed_request_is_not_redeemed_with_another_key(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        SignIn signIn = new(bench, AuthorizationServer.PublicClient);
        string code = await signIn.ApproveAsync(signIn.UrlOf(await signIn.PushAsync(bench.KeyOf(Orders))));
        AssertRefused(await signIn.RedeemAsync(code, OtherKey));

        // It is spent: whoever stole it leaves nothing to its owner either.
        AssertRefused(await signIn.RedeemAsync(code));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_URL_of_a_request_that_is_not_pushed_names_the_key_as_well(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        SignIn signIn = new(bench, AuthorizationServer.PublicClient);
        string code = await signIn.ApproveAsync(signIn.UrlFor(bench.KeyOf(Orders)));
        using TokenResponse tokens = await signIn.RedeemAsync(code);
        Assert.False(tokens.IsError, tokens.Raw);
        bench.AssertSent("POST /token 400", "POST /token 200");
        await bench.CallApiAsync(bench.CreateClient(Orders), tokens.AccessToken);

        SignIn forAnotherKey = new(bench, AuthorizationServer.PublicClient);
        AssertRefused(await forAnotherKey.RedeemAsync(await forAnotherKey.ApproveAsync(forAnotherKey.UrlFor(bench.KeyOf(OtherKey)))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_native_app_gets_the_code_on_loopback(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        using LoopbackCallback callback = new();
        SignIn signIn = new(bench, AuthorizationServer.PublicClient) { RedirectUri = callback.Uri };
        Uri url = signIn.UrlOf(await signIn.PushAsync(bench.KeyOf(Orders)));
        Task<Uri> received = callback.ReceiveAsync();
        using Browser browser = bench.OpenBrowser();
        using HttpClient lastRedirect = new();
        Assert.Equal("Done.", await lastRedirect.GetStringAsync(await browser.AuthorizeAsync(url)));
        using TokenResponse tokens = await signIn.RedeemAsync(signIn.CodeOf(await received));
        Assert.False(tokens.IsError, tokens.Raw);
    }

    [Fact]
    public async Task An_assertion_follows_the_clients_own_clock()
    {
        await using GrantBench bench = servers.Open(tls: false);
        await bench.AdvanceAsync(TimeSpan.FromMinutes(10));
        bench.AddIdentity(AuthorizationServer.AssertionClient).AddDpop(options => options.TimeProvider = bench.Time);
        using PushedAuthorizationResponse pushed = await new SignIn(bench, AuthorizationServer.AssertionClient).PushAsync(null);
        Assert.Equal(HttpStatusCode.Created, pushed.HttpStatusCode);
    }

    private GrantBench Open(bool tls, string clientId)
    {
        GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        bench.AddIdentity(clientId);
        bench.AddClient(Orders).AddDpop();
        bench.AddClient(OtherKey).AddDpop();
        return bench;
    }

    private static void AssertRefused(TokenResponse response)
    {
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (response.HttpStatusCode, response.Error));
        response.Dispose();
    }
}
