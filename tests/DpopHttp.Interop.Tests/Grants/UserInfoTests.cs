using System.Net;
using System.Security.Claims;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;
using static DpopHttp.Interop.Tests.Grants.GrantBench;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>Userinfo, a DPoP resource that demands nonces, and the end of its tokens by revocation (RFC 7009) and by time.</summary>
[Collection(GrantGroup.Name)]
public sealed class UserInfoTests(GrantServers servers)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Userinfo_shares_the_nonce_of_the_token_endpoint_and_asks_once_when_it_is_stale(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        using TokenResponse tokens = await SignInAsync(bench, AuthorizationServer.PublicClient);
        await AssertAliceAsync(bench, tokens.AccessToken!);
        bench.AssertSent("GET /me 200");

        await bench.OutliveNoncesAsync();
        await AssertAliceAsync(bench, tokens.AccessToken!);
        await AssertAliceAsync(bench, tokens.AccessToken!);
        bench.AssertSent("GET /me 401", "GET /me 200", "GET /me 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_opaque_token_stays_Bearer_where_that_is_allowed_and_is_not_sent_where_it_is_rejected(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        bench.AddClient("allowing").AddDpop(options => (options.KeyName, options.BearerTokens) = (Orders, BearerTokenHandling.Allow));
        bench.AddClient("rejecting").AddDpop(options => (options.KeyName, options.BearerTokens) = (Orders, BearerTokenHandling.Reject));
        using TokenResponse tokens = await SignInAsync(bench, AuthorizationServer.PublicClient);
        using UserInfoResponse allowed = await AskAsync(bench, tokens.AccessToken!, "allowing");
        Assert.Equal(HttpStatusCode.Unauthorized, allowed.HttpStatusCode);
        bench.AssertSent("GET /me 401");

        using UserInfoResponse rejected = await AskAsync(bench, tokens.AccessToken!, "rejecting");
        Assert.Equal(DpopErrorCodes.BearerRejected, Assert.IsType<DpopException>(rejected.Exception).Code);
        bench.AssertSent();
    }

    [Theory]
    [InlineData(false, AuthorizationServer.PublicClient)]
    [InlineData(false, AuthorizationServer.BasicClient)]
    [InlineData(false, AuthorizationServer.AssertionClient)]
    [InlineData(true, AuthorizationServer.PublicClient)]
    [InlineData(true, AuthorizationServer.BasicClient)]
    [InlineData(true, AuthorizationServer.AssertionClient)]
    public async Task A_revoked_token_is_refused_once_and_the_refusal_is_the_callers(bool tls, string clientId)
    {
        await using GrantBench bench = Open(tls, clientId);
        using TokenResponse tokens = await SignInAsync(bench, clientId);
        await AssertAliceAsync(bench, tokens.AccessToken!);
        await RevokeAsync(bench, clientId, tokens.AccessToken!, "access_token");
        bench.AssertSent("GET /me 200", "POST /token/revocation 200");

        using UserInfoResponse refused = await AskAsync(bench, tokens.AccessToken!);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_token"), (refused.HttpStatusCode, refused.HttpResponse!.GetDpopChallenge()!.Error));
        bench.AssertSent("GET /me 401");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revoked_refresh_token_gives_no_more_tokens(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        using TokenResponse tokens = await SignInAsync(bench, AuthorizationServer.PublicClient);
        await RevokeAsync(bench, AuthorizationServer.PublicClient, tokens.RefreshToken!, "refresh_token");
        using RefreshTokenRequest request = bench.Identify(
            AuthorizationServer.PublicClient, bench.Server.TokenEndpoint, new RefreshTokenRequest { RefreshToken = tokens.RefreshToken! });
        using TokenResponse refused = await bench.CreateClient(Identity).RequestRefreshTokenAsync(request);
        Assert.Equal("invalid_grant", refused.Error);
        bench.AssertSent("POST /token/revocation 200", "POST /token 400");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_with_a_refresh_token_renews_what_has_expired_by_the_servers_clock_alone(bool tls)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory();
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        MovedTime behind = bench.Time.LeaveBehind();
        AddRefreshingClient(bench, store).AddDpop(options => options.TimeProvider = behind);
        await SignInAsync(bench, store);
        using HttpClient client = bench.CreateClient(Orders);
        string first = await ReadTokenAsync(bench, client);
        bench.AssertSent("POST /token 200", "GET /me 200");

        // One answer asks for a nonce, the next refuses the token; the token endpoint of the same server has the nonce at once.
        await bench.OutliveTokensAsync();
        Assert.NotEqual(first, await ReadTokenAsync(bench, client));
        bench.AssertSent("GET /me 401", "GET /me 401", "POST /token 200", "GET /me 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_whose_refresh_token_was_revoked_as_well_goes_on_after_a_new_sign_in(bool tls)
    {
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InMemory();
        await using GrantBench bench = Open(tls, AuthorizationServer.PublicClient);
        AddRefreshingClient(bench, store);
        await SignInAsync(bench, store);
        using HttpClient client = bench.CreateClient(Orders);
        string first = await ReadTokenAsync(bench, client);
        bench.AssertSent("POST /token 200", "GET /me 200");

        // With an access token oidc-provider revokes the refresh token that it came by (RFC 7009 section 2.1 lets it).
        await RevokeAsync(bench, AuthorizationServer.PublicClient, first, "access_token");
        using (HttpResponseMessage refused = await client.GetAsync(bench.Server.UserInfoEndpoint))
        {
            Assert.Equal("invalid_token", refused.GetDpopChallenge()!.Error);
            bench.AssertSent("POST /token/revocation 200", "GET /me 401", "POST /token 400");
        }

        // A sign-in takes longer than the client pauses after the refusal.
        await SignInAsync(bench, store);
        await bench.AdvanceAsync(TimeSpan.FromSeconds(6));
        Assert.NotEqual(first, await ReadTokenAsync(bench, client));
        bench.AssertSent("GET /me 401", "POST /token 200", "GET /me 200");
    }

    private static IHttpClientBuilder AddRefreshingClient(GrantBench bench, DpopRefreshTokenStore store) => bench.AddClient(Orders).AddDpopRefreshToken(options =>
    {
        options.Authority = new Uri(bench.Server.Issuer);
        options.ClientId = AuthorizationServer.PublicClient;
        options.Store = store;
    });

    private static async Task SignInAsync(GrantBench bench, DpopRefreshTokenStore store)
    {
        using TokenResponse tokens = await SignInAsync(bench, AuthorizationServer.PublicClient);
        await store.SaveAsync(new DpopRefreshToken(tokens.RefreshToken!, bench.KeyOf(Orders).Thumbprint), CancellationToken.None);
    }

    private static Task<TokenResponse> SignInAsync(GrantBench bench, string clientId) => new SignIn(bench, clientId) { Resource = null }.RunAsync();

    private static async Task<UserInfoResponse> AskAsync(GrantBench bench, string token, string client = Identity)
    {
        using UserInfoRequest request = new() { Address = bench.Server.UserInfoEndpoint.AbsoluteUri, Token = token };
        return await bench.CreateClient(client).GetUserInfoAsync(request);
    }

    private static async Task AssertAliceAsync(GrantBench bench, string token)
    {
        using UserInfoResponse response = await AskAsync(bench, token);
        Claim claim = Assert.Single(response.Claims);
        Assert.Equal(("sub", "alice"), (claim.Type, claim.Value));
    }

    /// <summary>Asks userinfo with the client's own token; the token that was accepted.</summary>
    private static async Task<string> ReadTokenAsync(GrantBench bench, HttpClient client)
    {
        using HttpResponseMessage response = await client.GetAsync(bench.Server.UserInfoEndpoint);
        Assert.Equal("""{"sub":"alice"}""", await response.Content.ReadAsStringAsync());
        return bench.LastToken!;
    }

    private static async Task RevokeAsync(GrantBench bench, string clientId, string token, string hint)
    {
        using TokenRevocationRequest request = bench.Identify(
            clientId, bench.Server.RevocationEndpoint, new TokenRevocationRequest { Token = token, TokenTypeHint = hint });
        using TokenRevocationResponse response = await bench.CreateClient(Identity).RevokeTokenAsync(request);
        Assert.False(response.IsError, response.Raw);
    }

    private GrantBench Open(bool tls, string clientId)
    {
        GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        bench.AddIdentity(clientId);
        return bench;
    }
}
