using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DpopHttp.Interop.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Interop.Tests;

/// <summary>oidc-provider demands nonces at its token endpoint; express-oauth2-jwt-bearer takes the bound token with a proof.</summary>
public class ClientCredentialsTests(NodeServers servers)
{
    [Theory]
    [InlineData("ES256", true)]
    [InlineData("ES256", false)]
    [InlineData("PS256", true)]
    [InlineData("ES512", true)]
    public async Task A_bound_token_is_issued_behind_a_nonce_and_used_at_the_resource(string algorithm, bool async)
    {
        using DpopKey key = DpopKey.Generate(algorithm);
        await using ServiceProvider services = Services(key);
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");

        using JsonDocument tokens = await RequestTokenAsync(client, async);
        Assert.Equal("DPoP", tokens.RootElement.GetProperty("token_type").GetString());
        string token = tokens.RootElement.GetProperty("access_token").GetString()!;

        using HttpRequestMessage read = new(HttpMethod.Get, new Uri(servers.ResourceServer.Orders, "orders/caf%C3%A9%2F1?page=2"));
        read.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage order = await SendAsync(client, read, async);
        Assert.Equal(HttpStatusCode.OK, order.StatusCode);

        using HttpRequestMessage write = new(HttpMethod.Post, servers.ResourceServer.Orders) { Content = JsonContent.Create(new { item = "book" }) };
        write.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        using HttpResponseMessage created = await SendAsync(client, write, async);
        Assert.Equal("""{"item":"book"}""", await created.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_resource_refuses_the_token_with_a_proof_of_another_key()
    {
        using DpopKey key = DpopKey.Generate();
        using DpopKey other = DpopKey.Generate();
        using HttpClient client = new(new DpopHandler(key) { InnerHandler = new SocketsHttpHandler() });
        using JsonDocument tokens = await RequestTokenAsync(client, async: true);
        string token = tokens.RootElement.GetProperty("access_token").GetString()!;
        using HttpClient plain = new();
        using HttpRequestMessage request = new(HttpMethod.Get, servers.ResourceServer.Orders);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Add("DPoP", DpopProof.Create(other, HttpMethod.Get, servers.ResourceServer.Orders, token));
        using HttpResponseMessage response = await plain.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_token", response.GetDpopChallenge()!.Error);

        // Our own client notices before it sends.
        using HttpClient careful = new(new DpopHandler(other) { InnerHandler = new SocketsHttpHandler() });
        careful.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("DPoP", token);
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => careful.GetAsync(servers.ResourceServer.Orders));
        Assert.Equal(DpopErrorCodes.KeyMismatch, exception.Code);
    }

    [Fact]
    public async Task The_five_line_core_gets_past_both_servers_by_hand()
    {
        using DpopKey key = DpopKey.Generate();
        using HttpClient plain = new();
        string? nonce = null;
        HttpResponseMessage response;
        do
        {
            using HttpRequestMessage request = TokenRequest();
            request.Headers.Add("DPoP", DpopProof.Create(key, HttpMethod.Post, request.RequestUri!, nonce: nonce));
            response = await plain.SendAsync(request);
            (string? sent, nonce) = (nonce, response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? values.Single() : null);
            if (sent is not null)
            {
                break;
            }
        }
        while (response.StatusCode == HttpStatusCode.BadRequest);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using JsonDocument tokens = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        string token = tokens.RootElement.GetProperty("access_token").GetString()!;
        using HttpRequestMessage read = new(HttpMethod.Get, servers.ResourceServer.Orders);
        read.Headers.Add("Authorization", $"DPoP {token}");
        read.Headers.Add("DPoP", DpopProof.Create(key, HttpMethod.Get, read.RequestUri!, token));
        using HttpResponseMessage orders = await plain.SendAsync(read);
        Assert.Equal(HttpStatusCode.OK, orders.StatusCode);
    }

    private static ServiceProvider Services(DpopKey key)
    {
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpop(o => o.Key = key);
        return services.BuildServiceProvider();
    }

    private async Task<JsonDocument> RequestTokenAsync(HttpClient client, bool async)
    {
        using HttpRequestMessage request = TokenRequest();
        using HttpResponseMessage response = await SendAsync(client, request, async);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body);
    }

    private HttpRequestMessage TokenRequest()
    {
        AuthorizationServer server = servers.AuthorizationServer;
        string credentials = $"{Uri.EscapeDataString(AuthorizationServer.BasicClient)}:{Uri.EscapeDataString(server.ClientSecret)}";
        HttpRequestMessage request = new(HttpMethod.Post, server.TokenEndpoint)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["resource"] = server.Resource,
                ["scope"] = "orders.read orders.write",
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return request;
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, bool async) =>
        async ? client.SendAsync(request) : Task.Run(() => client.Send(request));
}
