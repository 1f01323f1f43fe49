using System.Net;
using System.Net.Http.Headers;
using DpopHttp.Integrations.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms;

namespace DpopHttp.Integrations.Tests.Factory;

/// <summary>A gateway that holds the token and the key: what is before it sees neither, and no nonce.</summary>
public class YarpTests
{
    [Fact]
    public async Task A_gateway_works()
    {
        await using Gate gate = await Gate.StartAsync();
        using DpopKey key = DpopKey.Generate();
        await using WebApplication gateway = await StartAsync(gate.Address, key);
        using HttpClient browser = new() { BaseAddress = new Uri(gateway.Urls.Single()) };
        await gate.AssertOneChallengeForEachNonceAsync(() => AssertAsync(browser, content: null, 0));
        gate.Rotate();
        await gate.AssertOneChallengeForEachNonceAsync(() => AssertAsync(browser, new ByteArrayContent(new byte[50_000]), 50_000));
    }

    private static async Task AssertAsync(HttpClient browser, HttpContent? content, int length)
    {
        using HttpRequestMessage request = new(content is null ? HttpMethod.Get : HttpMethod.Post, "orders") { Content = content };
        using HttpResponseMessage response = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($$"""{"length":{{length}}}""", await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("DPoP-Nonce"));
    }

    private static async Task<WebApplication> StartAsync(Uri api, DpopKey key)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        string accessToken = "opaque";
        IReverseProxyBuilder proxy = builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = "api", ClusterId = "api", Match = new RouteMatch { Path = "{**path}" } }],
            [new ClusterConfig { ClusterId = "api", Destinations = new Dictionary<string, DestinationConfig> { ["api"] = new() { Address = api.AbsoluteUri } } }]);

        builder.Services.AddSingleton<IForwarderHttpClientFactory>(new DpopForwarderFactory(key));
        proxy.AddTransforms(transforms => transforms
            .AddRequestTransform(context => SetTokenAsync(context, accessToken))
            .AddResponseHeaderRemove("DPoP-Nonce", ResponseCondition.Always));

        WebApplication gateway = builder.Build();
        gateway.MapReverseProxy();
        await gateway.StartAsync();
        return gateway;
    }

    private static ValueTask SetTokenAsync(RequestTransformContext context, string accessToken)
    {
        context.ProxyRequest.Headers.Authorization = new AuthenticationHeaderValue("DPoP", accessToken);
        return ValueTask.CompletedTask;
    }
}
