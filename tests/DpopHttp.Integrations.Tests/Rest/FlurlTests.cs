using DpopHttp.Integrations.Tests.Support;
using Flurl.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Integrations.Tests.Rest;

public class FlurlTests
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

        using FlurlClient orders = new(factory.CreateClient("orders"));
        orders.WithOAuthBearerToken(accessToken);

        await gate.AssertOneChallengeForEachNonceAsync(async () => Assert.Equal(0, (await orders.Request("orders").GetJsonAsync<Answer>()).Length));
        gate.Rotate();
        await gate.AssertOneChallengeForEachNonceAsync(
            async () => Assert.Equal(9, (await orders.Request("orders").PostJsonAsync(new[] { "books" }).ReceiveJson<Answer>()).Length));
        gate.Rotate();
        Answer answer = await orders.Request("orders")
            .PostMultipartAsync(upload => upload.AddFile("orders", new MemoryStream(new byte[50_000]), "orders.csv"))
            .ReceiveJson<Answer>();
        Assert.True(answer.Length > 50_000);
        Assert.Equal([401, 200], gate.TakeStatuses());
    }
}
