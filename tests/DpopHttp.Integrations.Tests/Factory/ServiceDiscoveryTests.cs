using DpopHttp.Integrations.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Integrations.Tests.Factory;

/// <summary>The proof is for the address that was found, not for the name.</summary>
public class ServiceDiscoveryTests
{
    [Fact]
    public async Task A_name_works()
    {
        await using Gate gate = await Gate.StartAsync();
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Services:orders:http:0", gate.Address.Authority)]).Build());
        services.AddServiceDiscovery();
        services.AddHttpClient("orders", client => client.BaseAddress = new Uri("http://orders"))
            .AddServiceDiscovery()
            .AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient orders = provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        orders.DefaultRequestHeaders.Add("Authorization", "Bearer opaque");
        await gate.AssertOneChallengeForEachNonceAsync(() => orders.GetStringAsync(new Uri("orders", UriKind.Relative)));
    }
}
