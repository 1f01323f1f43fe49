using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>A client that asks for its grants itself, with assertions.</summary>
public class ClientAssertionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redirect_takes_no_assertion_along(bool async)
    {
        int foreign = 0;
        await using LoopbackServer elsewhere = await LoopbackServer.StartAsync(context =>
        {
            foreign++;
            return Task.CompletedTask;
        });
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = elsewhere.BaseAddress.AbsoluteUri;
            return Task.CompletedTask;
        });
        using DpopKey assertionKey = DpopKey.Generate();
        ServiceCollection services = new();
        services.AddHttpClient("identity").AddDpopClientAssertion("orders-web", assertionKey.ExportPrivateJwk(), "https://login.example.com");
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("identity");
        using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress)
        {
            Content = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", "the-code")]),
        };
        using HttpResponseMessage response = await http.SendAsync(request, async);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, 0), (response.StatusCode, foreign));
    }
}
