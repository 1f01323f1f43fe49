using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.Origins;

/// <summary>What nonces cost in requests on the wire, where many keys or two servers share an origin.</summary>
public class NonceCountTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_key_that_is_read_anew_for_each_request_is_one_key(bool inContainer, bool async)
    {
        await using NonceServer server = await NonceServer.StartAsync();
        using DpopKey key = DpopKey.Generate();
        string jwk = key.ExportPrivateJwk();
        await using ServiceProvider services = Services();
        for (int i = 0; i < 20; i++)
        {
            using DpopKey read = DpopKey.FromJwk(jwk);
            using HttpClient client = inContainer ? services.GetRequiredService<IHttpClientFactory>().CreateClient("api") : read.Client();
            await SendAsync(client, server, read, async);
        }

        Assert.Equal(21, server.Requests);
    }

    [Theory]
    [InlineData(NonceBound.ToNobody, true, 51, 50, 51)]
    [InlineData(NonceBound.ToNobody, false, 51, 50, 51)]
    [InlineData(NonceBound.ToKey, true, 100, 50, 100)]
    public async Task Fifty_users_with_keys_of_their_own_cost_one_challenge_where_the_nonce_is_the_servers(
        NonceBound bound, bool async, int cold, int known, int rotated)
    {
        await using NonceServer server = await NonceServer.StartAsync(bound);
        DpopKey[] users = [.. Enumerable.Range(0, 50).Select(_ => DpopKey.Generate())];
        await using ServiceProvider services = Services();
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        async Task<int> CallAllAsync()
        {
            int before = server.Requests;
            foreach (DpopKey user in users)
            {
                await SendAsync(client, server, user, async);
            }

            return server.Requests - before;
        }

        Assert.Equal(cold, await CallAllAsync());
        Assert.Equal(known, await CallAllAsync());
        server.Rotate();
        Assert.Equal(rotated, await CallAllAsync());
        Assert.Equal(known, await CallAllAsync());
        foreach (DpopKey user in users)
        {
            user.Dispose();
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Two_services_on_one_origin_cost_three_challenges_at_most(bool oneSpace, bool async)
    {
        await using NonceServer server = await NonceServer.StartAsync(perKind: !oneSpace);
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        for (int i = 0; i < 100; i++)
        {
            await SendAsync(client, server, key, async, token: null);
            await SendAsync(client, server, key, async);
        }

        Assert.InRange(server.Requests, 201, oneSpace ? 201 : 203);

        // Where the space is one, a rotation costs one challenge and not one for each kind.
        int before = server.Requests;
        server.Rotate();
        for (int i = 0; i < 10; i++)
        {
            await SendAsync(client, server, key, async, token: null);
            await SendAsync(client, server, key, async);
        }

        Assert.Equal(oneSpace ? 21 : 22, server.Requests - before);
    }

    private static ServiceProvider Services()
    {
        ServiceCollection services = new();
        services.AddHttpClient("api").AddDpop();
        return services.BuildServiceProvider();
    }

    private static async Task SendAsync(HttpClient client, NonceServer server, DpopKey key, bool async, string? token = "DPoP opaque")
    {
        using HttpRequestMessage request = new(HttpMethod.Get, server.Uri);
        request.SetDpopKey(key);
        if (token is not null)
        {
            request.Headers.Add("Authorization", token);
        }

        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
