using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.NonceStores;

/// <summary>Which store a client has, and how the store's entries are called.</summary>
public class ContainerStoreTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_client_has_its_own_store_or_else_that_of_the_container(bool hasOwn, bool async)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf ofAll = new(), own = new();
        ServiceCollection services = new();
        services.AddSingleton<DpopNonceStore>(ofAll).AddSingleton(StoreBench.Unhurried);
        services.AddHttpClient("api").AddDpop(options => options.NonceStore = hasOwn ? own : null);
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
        Assert.Equal(hasOwn ? (1, 0) : (0, 1), (own.Nonces.Count, ofAll.Nonces.Count));
    }

    [Fact]
    public async Task Two_clients_with_stores_of_their_own_each_keep_the_nonce_of_a_server_that_both_call()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        Shelf one = new(), two = new();
        ServiceCollection services = new();
        services.AddSingleton(StoreBench.Unhurried);
        services.AddHttpClient("one").AddDpop(options => options.NonceStore = one);
        services.AddHttpClient("two").AddDpop(options => options.NonceStore = two);
        await using ServiceProvider provider = services.BuildServiceProvider();
        foreach (string name in (string[])["one", "two"])
        {
            using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true, "DPoP opaque");
        }

        Assert.Equal(one.Nonces, two.Nonces);
        Assert.Single(one.Nonces);
    }

    /// <summary>Another version, and another process, finds what was saved only if the names stay the same.</summary>
    [Theory]
    [InlineData("https://api.example.com/orders?id=1", null, "DPoP opaque", "https://api.example.com:443 token")]
    [InlineData("https://API.example.com:8443/", null, null, "https://api.example.com:8443")]
    [InlineData("https://bücher.example/", null, null, "https://xn--bcher-kva.example:443")]
    [InlineData("http://[::1]:5000/", null, null, "http://[::1]:5000")]
    [InlineData("wss://api.example.com/", null, "DPoP opaque", "https://api.example.com:443 token")]
    [InlineData("https://10.0.0.7/", "orders.example.com:8080", "DPoP opaque", "https://10.0.0.7:443 host=orders.example.com%3A8080 token")]
    public async Task An_entry_is_named_by_its_origin_and_by_whether_there_is_a_token(string uri, string? host, string? token, string expected)
    {
        Shelf store = new();
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(
            new StubHandler(_ => new HttpResponseMessage { Headers = { { "DPoP-Nonce", "nonce" } } }), new DpopOptions { NonceStore = store, TimeProvider = StoreBench.Unhurried });
        using HttpRequestMessage request = new(HttpMethod.Get, uri);
        request.Headers.Host = host;
        if (token is not null)
        {
            request.Headers.Add("Authorization", token);
        }

        using HttpResponseMessage response = await client.SendAsync(request, async: true);
        Assert.Equal([expected, expected], store.Loaded.Concat(store.Saved));
    }
}
