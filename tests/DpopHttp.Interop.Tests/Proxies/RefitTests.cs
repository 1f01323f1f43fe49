using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Refit;

namespace DpopHttp.Interop.Tests.Proxies;

/// <summary>A client that Refit generates: its JSON bodies have no length.</summary>
public class RefitTests
{
    public interface IOrders
    {
        [Get("/public")]
        public Task GetPublicAsync();

        [Post("/orders")]
        public Task PostAsync([Body] Order order, [Authorize("DPoP")] string token);
    }

    [Fact]
    public async Task A_first_post_after_a_public_answer_costs_one_challenge()
    {
        List<(int Status, string Body)> posts = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context =>
        {
            if (context.Request.Method == "GET")
            {
                return;
            }

            using StreamReader reader = new(context.Request.Body);
            string body = await reader.ReadToEndAsync();
            if (DecodedProof.Nonce(context.Request.Headers["DPoP"].Single()) is null)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers["DPoP-Nonce"] = "n1";
                context.Response.Headers.WWWAuthenticate = "DPoP error=\"use_dpop_nonce\"";
            }

            posts.Add((context.Response.StatusCode, body));
        });
        ServiceCollection services = new();
        services.AddRefitGeneratedClient<IOrders>().ConfigureHttpClient(http => http.BaseAddress = server.BaseAddress).AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IOrders orders = provider.GetRequiredService<IOrders>();
        await orders.GetPublicAsync();
        await orders.PostAsync(new Order("books", 3), "opaque");
        const string Body = """{"article":"books","count":3}""";
        Assert.Equal([((int)HttpStatusCode.Unauthorized, Body), ((int)HttpStatusCode.OK, Body)], posts);
    }

    public sealed record Order(string Article, int Count);
}
