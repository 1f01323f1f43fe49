using System.Net;
using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;
using static DpopHttp.Interop.Tests.Grants.GrantBench;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>AddDpopClientCredentials against oidc-provider, and the token at express-oauth2-jwt-bearer.</summary>
[Collection(GrantGroup.Name)]
public sealed class ClientCredentialsGrantTests(GrantServers servers)
{
    [Theory]
    [InlineData(false, AuthorizationServer.BasicClient)]
    [InlineData(false, AuthorizationServer.PostClient)]
    [InlineData(false, AuthorizationServer.AssertionClient)]
    [InlineData(true, AuthorizationServer.BasicClient)]
    [InlineData(true, AuthorizationServer.PostClient)]
    [InlineData(true, AuthorizationServer.AssertionClient)]
    public async Task A_stale_nonce_costs_one_more_token_request_and_a_good_token_none(bool tls, string clientId)
    {
        await using GrantBench bench = servers.Open(tls);
        AddTokens(bench, Orders, clientId).AddDpop(options => options.TimeProvider = bench.Time);
        using HttpClient orders = bench.CreateClient(Orders);
        JsonElement first = await bench.CallApiAsync(orders);
        Assert.Equal((clientId, "orders.read"), (first.GetProperty("clientId").GetString(), first.GetProperty("scope").GetString()));
        bench.AssertSent("POST /token 400", "POST /token 200", "GET /orders 200");

        await bench.OutliveNoncesAsync();
        await bench.CallApiAsync(orders);
        bench.AssertSent("GET /orders 200");

        await bench.OutliveTokensAsync();
        await bench.CallApiAsync(orders);
        bench.AssertSent("POST /token 400", "POST /token 200", "GET /orders 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_nonce_that_is_known_costs_nothing_to_another_client_with_the_key_either(bool tls)
    {
        await using GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        AddTokens(bench, Orders, AuthorizationServer.BasicClient);
        AddTokens(bench, "reports", AuthorizationServer.PostClient).AddDpop(options => options.KeyName = Orders);
        using HttpClient orders = bench.CreateClient(Orders);
        using HttpClient reports = bench.CreateClient("reports");
        await bench.CallApiAsync(orders);
        bench.AssertSent("POST /token 400", "POST /token 200", "GET /orders 200");
        await bench.CallApiAsync(reports);
        bench.AssertSent("POST /token 200", "GET /orders 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_attempt_has_an_assertion_of_its_own_for_the_server_takes_none_twice(bool tls)
    {
        await using GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        AddTokens(bench, Orders, AuthorizationServer.AssertionClient);
        bench.AddClient(Identity).AddDpop(options => options.KeyName = Orders);
        await bench.CallApiAsync(bench.CreateClient(Orders));
        string[] assertions = [.. bench.TakeAttempts().Where(attempt => attempt.Uri == bench.Server.TokenEndpoint).Select(attempt => attempt.Form["client_assertion"])];
        Assert.Equal(2, assertions.Distinct().Count());

        // The one that came with a proof without a nonce is used up as well.
        foreach (string assertion in assertions)
        {
            using ClientCredentialsTokenRequest request = bench.Identify(AuthorizationServer.AssertionClient, bench.Server.TokenEndpoint, new ClientCredentialsTokenRequest());
            request.ClientAssertion = new ClientAssertion { Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", Value = assertion };
            using TokenResponse response = await bench.CreateClient(Identity).RequestClientCredentialsTokenAsync(request);
            Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (response.HttpStatusCode, response.TryGet("error")));
            bench.AssertSent("POST /token 401");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_whose_clock_is_minutes_behind_learns_the_servers(bool tls)
    {
        await using GrantBench bench = servers.Open(tls);
        MovedTime behind = bench.Time.LeaveBehind();
        AddTokens(bench, Orders, AuthorizationServer.BasicClient).AddDpop(options => options.TimeProvider = behind);
        using HttpClient orders = bench.CreateClient(Orders);
        await bench.AdvanceAsync(TimeSpan.FromMinutes(7));
        await bench.CallApiAsync(orders);
        bench.AssertSent("POST /token 400", "POST /token 200", "GET /orders 400", "GET /orders 200");
        await bench.CallApiAsync(orders);
        bench.AssertSent("GET /orders 200");

        // The token has expired, which this client's clock does not show.
        await bench.OutliveTokensAsync();
        await bench.CallApiAsync(orders);
        // A refusal of a proof that followed a learnt clock may be about the time: that is tried first, and then another token.
        bench.AssertSent("GET /orders 401", "GET /orders 401", "POST /token 400", "POST /token 200", "GET /orders 200");
    }

    [Theory]
    [InlineData(-240)]
    [InlineData(-90)]
    [InlineData(90)]
    public async Task An_assertion_is_good_where_the_clock_is_minutes_off(int seconds)
    {
        await using GrantBench bench = servers.Open(tls: false);
        MovedTime off = bench.Time.LeaveBehind();
        off.Advance(TimeSpan.FromSeconds(seconds));
        AddTokens(bench, Orders, AuthorizationServer.AssertionClient).AddDpop(options => options.TimeProvider = off);
        await bench.CallApiAsync(bench.CreateClient(Orders));
        Assert.Equal("POST /token 200", bench.TakeAttempts().Last(attempt => attempt.Uri == bench.Server.TokenEndpoint).ToString());
    }

    [Fact]
    public async Task A_wrong_secret_is_a_refusal_that_names_invalid_client_and_is_not_tried_again()
    {
        await using GrantBench bench = servers.Open(tls: true);
        AddTokens(bench, Orders, AuthorizationServer.BasicClient).AddDpopClientCredentials(options => options.ClientSecret = "wrong");
        DpopTokenException refused = await Assert.ThrowsAsync<DpopTokenException>(() => bench.CallApiAsync(bench.CreateClient(Orders)));
        Assert.Equal((DpopTokenErrorCodes.TokenRefused, "invalid_client"), (refused.Code, refused.Error));
        bench.AssertSent("POST /token 401");
    }

    private static IHttpClientBuilder AddTokens(GrantBench bench, string name, string clientId) => bench.AddClient(name).AddDpopClientCredentials(options =>
    {
        options.Authority = new Uri(bench.Server.Issuer);
        options.ClientId = clientId;
        options.ClientSecret = clientId == AuthorizationServer.AssertionClient ? null : bench.Server.ClientSecret;
        options.ClientSecretLocation = clientId == AuthorizationServer.PostClient ? DpopClientSecretLocation.Body : DpopClientSecretLocation.AuthorizationHeader;
        options.ClientAssertionJwk = clientId == AuthorizationServer.AssertionClient ? bench.Server.ClientAssertionJwk : null;
        options.Resources.Add(bench.Server.Resource);
        options.Scope = "orders.read";
    });
}
