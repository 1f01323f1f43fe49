using DpopHttp.Integrations.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using RestSharp;
using RestSharp.Authenticators.OAuth2;

namespace DpopHttp.Integrations.Tests.Rest;

public class RestSharpTests
{
    [Fact]
    public async Task A_client_of_the_factory_works()
    {
        await using Gate gate = await Gate.StartAsync();
        ServiceCollection services = new();
        services.AddHttpClient("orders", client => client.BaseAddress = gate.Address).AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        string accessToken = "opaque";

        OAuth2AuthorizationRequestHeaderAuthenticator token = new(accessToken, "Bearer");
        using RestClient rest = new(factory.CreateClient("orders"), new RestClientOptions { Authenticator = token });

        await gate.AssertOneChallengeForEachNonceAsync(async () => Assert.Equal(0, (await rest.GetAsync<Answer>(new RestRequest("orders")))!.Length));
        gate.Rotate();
        await gate.AssertOneChallengeForEachNonceAsync(
            async () => Assert.Equal(9, (await rest.PostAsync<Answer>(new RestRequest("orders").AddJsonBody(new[] { "books" })))!.Length));
        gate.Rotate();
        RestRequest upload = new RestRequest("orders").AddFile("orders", new byte[50_000], "orders.csv");
        Assert.True((await rest.PostAsync<Answer>(upload))!.Length > 50_000);
        Assert.Equal([401, 200], gate.TakeStatuses());
    }
}
