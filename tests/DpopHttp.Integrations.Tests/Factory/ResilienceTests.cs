using System.Net;
using DpopHttp.Integrations.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;

namespace DpopHttp.Integrations.Tests.Factory;

public class ResilienceTests
{
    [Fact]
    public async Task Each_attempt_has_a_proof_of_its_own()
    {
        int calls = 0;
        await using Gate gate = await Gate.StartAsync(app => app.MapPost("/orders", () => Results.StatusCode(++calls % 2 == 1 ? 503 : 200)));
        Uri address = gate.Address;
        ServiceCollection services = new();
        services.AddHttpClient("orders", client => client.BaseAddress = address)
            .AddDpop()
            .AddStandardResilienceHandler();
        services.Configure<HttpStandardResilienceOptions>("orders-standard", options => options.Retry.Delay = TimeSpan.Zero);
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient orders = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        orders.DefaultRequestHeaders.Add("Authorization", "Bearer opaque");
        foreach (int[] expected in (int[][])[[401, 200, 200], [200, 200], [401, 200, 200]])
        {
            using HttpResponseMessage response = await orders.PostAsync(new Uri("orders", UriKind.Relative), new StringContent("books"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(expected, gate.TakeStatuses());
            if (expected is [200, 200])
            {
                gate.Rotate();
            }
        }
    }
}
