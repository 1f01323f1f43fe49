using System.Net;
using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;
using static DpopHttp.Interop.Tests.Grants.GrantBench;

namespace DpopHttp.Interop.Tests.Grants;

/// <summary>
/// Token exchange (RFC 8693) by Duende.IdentityModel on an AddDpop client: a service that was called with somebody's token gets one of its own,
/// bound to its own key, for what it calls in turn.
/// </summary>
[Collection(GrantGroup.Name)]
public sealed class TokenExchangeTests(GrantServers servers)
{
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    private const string Service = "service";

    [Theory]
    [InlineData(false, AuthorizationServer.BasicClient)]
    [InlineData(false, AuthorizationServer.AssertionClient)]
    [InlineData(true, AuthorizationServer.BasicClient)]
    [InlineData(true, AuthorizationServer.AssertionClient)]
    public async Task The_token_is_bound_to_the_services_key_and_not_to_the_users(bool tls, string clientId)
    {
        await using GrantBench bench = Open(tls, clientId);
        string usersToken = await SignInAsync(bench);
        using TokenResponse tokens = await ExchangeAsync(bench, clientId, usersToken);
        Assert.Equal((false, "DPoP", AccessTokenType), (tokens.IsError, tokens.TokenType, tokens.IssuedTokenType));
        // The server's nonce is known from the user's sign-in, with another key.
        bench.AssertSent("POST /token 200");

        JsonElement accepted = await bench.CallApiAsync(bench.CreateClient(Service), tokens.AccessToken);
        Assert.Equal(("alice", clientId), (accepted.GetProperty("sub").GetString(), accepted.GetProperty("clientId").GetString()));
        Assert.Equal(bench.KeyOf(Service).Thumbprint, accepted.GetProperty("jkt").GetString());
        Assert.NotEqual(bench.KeyOf(Identity).Thumbprint, bench.KeyOf(Service).Thumbprint);
        bench.AssertSent("GET /orders 200");

        // The same token again, with a nonce that is known and with one that is stale.
        using TokenResponse second = await ExchangeAsync(bench, clientId, usersToken);
        await bench.OutliveNoncesAsync();
        using TokenResponse third = await ExchangeAsync(bench, clientId, usersToken);
        bench.AssertSent("POST /token 200", "POST /token 400", "POST /token 200");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_that_has_expired_is_not_exchanged(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.BasicClient);
        string usersToken = await SignInAsync(bench);
        await bench.OutliveTokensAsync();
        using TokenResponse refused = await ExchangeAsync(bench, AuthorizationServer.BasicClient, usersToken);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request", "subject_token not found"), (refused.HttpStatusCode, refused.Error, refused.ErrorDescription));
        bench.AssertSent("POST /token 400", "POST /token 400");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_whose_source_exchanges_tokens_does_it_once_for_each_user(bool tls)
    {
        await using GrantBench bench = Open(tls, AuthorizationServer.BasicClient);
        bench.AddClient("exchanging").AddDpop(options => options.KeyName = Service).AddDpopToken(options => options.GetToken = async (context, cancellation) =>
        {
            using TokenResponse answer = await ExchangeAsync(bench, AuthorizationServer.BasicClient, context.Parameters.Parameters["subject_token"]);
            return answer.IsError ? throw new InvalidOperationException(answer.Error) : new DpopTokenResponse(answer.AccessToken!, answer.TokenType, TimeSpan.FromSeconds(answer.ExpiresIn));
        });
        string[] users = [await SignInAsync(bench), await SignInAsync(bench)];
        bench.TakeAttempts();
        using HttpClient client = bench.CreateClient("exchanging");
        async Task<HttpStatusCode> CallAsync(string user)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, bench.Api.Orders);
            request.SetDpopTokenParameters(new DpopTokenParameters { Parameters = { ["subject_token"] = user } });
            using HttpResponseMessage response = await client.SendAsync(request);
            return response.StatusCode;
        }

        HttpStatusCode[] all = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => CallAsync(users[i % 2])));
        Assert.All(all, status => Assert.Equal(HttpStatusCode.OK, status));
        IReadOnlyList<Attempt> attempts = bench.TakeAttempts();
        Assert.Equal(2, attempts.Count(attempt => attempt.Uri == bench.Server.TokenEndpoint && attempt.Status == HttpStatusCode.OK));
        Assert.Equal(2, attempts.Where(attempt => attempt.Uri == bench.Api.Orders).Select(attempt => attempt.Token).Distinct().Count());
    }

    /// <summary>The user signs in with the public client; her token has nothing to do with the service's key.</summary>
    private static async Task<string> SignInAsync(GrantBench bench)
    {
        using TokenResponse tokens = await new SignIn(bench, AuthorizationServer.PublicClient) { Resource = null }.RunAsync();
        return tokens.AccessToken!;
    }

    private static async Task<TokenResponse> ExchangeAsync(GrantBench bench, string clientId, string subjectToken)
    {
        using TokenExchangeTokenRequest request = bench.Identify(clientId, bench.Server.TokenEndpoint, new TokenExchangeTokenRequest
        {
            SubjectToken = subjectToken,
            SubjectTokenType = AccessTokenType,
            Resource = bench.Server.Resource,
            Scope = "orders.read",
        });
        return await bench.CreateClient(Service).RequestTokenExchangeTokenAsync(request);
    }

    private GrantBench Open(bool tls, string clientId)
    {
        GrantBench bench = servers.Open(tls);
        bench.Services.AddSingleton<TimeProvider>(bench.Time);
        bench.AddIdentity(AuthorizationServer.PublicClient);
        IHttpClientBuilder service = bench.AddClient(Service).AddDpop();
        if (clientId == AuthorizationServer.AssertionClient)
        {
            service.AddDpopClientAssertion(clientId, bench.Server.ClientAssertionJwk);
        }

        return bench;
    }
}
