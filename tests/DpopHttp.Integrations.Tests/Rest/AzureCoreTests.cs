using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using DpopHttp.Integrations.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Integrations.Tests.Rest;

/// <summary>Clients on Azure.Core take their transport from their options.</summary>
public class AzureCoreTests
{
    [Fact]
    public async Task A_transport_over_a_client_of_the_factory_works()
    {
        await using Gate gate = await Gate.StartAsync();
        ServiceCollection services = new();
        services.AddHttpClient("orders").AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        OrdersOptions options = new();

        options.Transport = new HttpClientTransport(factory.CreateClient("orders"));

        HttpPipeline pipeline = HttpPipelineBuilder.Build(options);
        await gate.AssertOneChallengeForEachNonceAsync(() => SendAsync(pipeline, gate, RequestMethod.Get, 0));
        gate.Rotate();
        await gate.AssertOneChallengeForEachNonceAsync(() => SendAsync(pipeline, gate, RequestMethod.Post, 50_000));
    }

    private static async Task SendAsync(HttpPipeline pipeline, Gate gate, RequestMethod method, int length)
    {
        using Request request = pipeline.CreateRequest();
        request.Method = method;
        request.Uri.Reset(new Uri(gate.Address, "orders"));
        request.Headers.Add("Authorization", "Bearer opaque");
        if (length > 0)
        {
            request.Content = RequestContent.Create(new byte[length]);
        }

        using Response response = await pipeline.SendRequestAsync(request, CancellationToken.None);
        Assert.Equal($$"""{"length":{{length}}}""", response.Content.ToString());
    }

    private sealed class OrdersOptions : ClientOptions;
}
