using DpopHttp.Integrations.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace DpopHttp.Integrations.Tests.Rest;

public class RefitTests
{
    public interface IOrders
    {
        [Get("/orders")]
        public Task<Answer> ListAsync([Authorize("Bearer")] string token);

        [Post("/orders")]
        public Task<Answer> AddAsync([Body] string[] articles, [Authorize("Bearer")] string token);
    }

    [Fact]
    public async Task An_interface_works()
    {
        await using Gate gate = await Gate.StartAsync();
        Uri address = gate.Address;
        ServiceCollection services = new();
        services.AddRefitGeneratedClient<IOrders>()
            .ConfigureHttpClient(http => http.BaseAddress = address)
            .AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IOrders orders = provider.GetRequiredService<IOrders>();
        await gate.AssertOneChallengeForEachNonceAsync(() => orders.ListAsync("opaque"));
        gate.Rotate();
        await gate.AssertOneChallengeForEachNonceAsync(async () => Assert.Equal(9, (await orders.AddAsync(["books"], "opaque")).Length));
    }
}
