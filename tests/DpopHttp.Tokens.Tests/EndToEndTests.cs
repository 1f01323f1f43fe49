using System.Net;
using LoopbackServers;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests;

/// <summary>A client, an authorization server and an API, all over real sockets.</summary>
public class EndToEndTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_lines_give_a_client_tokens(bool async)
    {
        List<LoopbackExchange> exchanges = [];
        void Note(LoopbackExchange exchange)
        {
            lock (exchanges)
            {
                exchanges.Add(exchange);
            }
        }

        await using LoopbackAuthorizationServer authorizationServer = await LoopbackAuthorizationServer.StartAsync(new() { OnExchange = Note });
        await using LoopbackApi api = await LoopbackApi.StartAsync(new() { Issuer = authorizationServer.Issuer, OnExchange = Note });
        exchanges.Clear();
        ServiceCollection services = new();
        services.AddHttpClient("orders", http => http.BaseAddress = api.BaseAddress)
            .AddDpopClientCredentials(options =>
            {
                options.Authority = new Uri(authorizationServer.Issuer);
                options.ClientId = authorizationServer.ClientId;
                options.ClientSecret = authorizationServer.ClientSecret;
            });
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        for (int i = 0; i < 3; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, "orders");
            using HttpResponseMessage response = async ? await client.SendAsync(request) : await Task.Factory.StartNew(() => client.Send(request), TaskCreationOptions.LongRunning);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Null(request.Headers.Authorization);
        }

        Assert.Equal(
            ["GET 404", "GET 200", "POST 400", "POST 200", "GET 401", "GET 200", "GET 200", "GET 200"],
            exchanges.Select(e => $"{e.Method} {e.Status}"));
    }
}
