using System.Text;
using DpopHttp.Integrations.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace DpopHttp.Integrations.Tests.Rest;

/// <summary>Kiota's own handlers, such as its retries and redirects, stand outside of the proof.</summary>
public class KiotaTests
{
    [Fact]
    public async Task An_adapter_over_a_client_of_the_factory_works()
    {
        await using Gate gate = await Gate.StartAsync();
        ServiceCollection services = new();
        IHttpClientBuilder builder = services.AddHttpClient("orders");
        foreach (Type handler in KiotaClientFactory.GetDefaultHandlerActivatableTypes().Select(handler => handler.Type))
        {
            services.AddTransient(handler);
            builder.AddHttpMessageHandler(provider => (DelegatingHandler)provider.GetRequiredService(handler));
        }

        builder.AddDpop();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHttpClientFactory factory = provider.GetRequiredService<IHttpClientFactory>();
        IAccessTokenProvider tokens = new Tokens();

        BaseBearerTokenAuthenticationProvider authentication = new(tokens);
        using HttpClientRequestAdapter adapter = new(authentication, httpClient: factory.CreateClient("orders"));

        await gate.AssertOneChallengeForEachNonceAsync(async () => Assert.Equal("""{"length":0}""", await SendAsync(adapter, gate, Method.GET, 0)));
        gate.Rotate();
        await gate.AssertOneChallengeForEachNonceAsync(
            async () => Assert.Equal("""{"length":50000}""", await SendAsync(adapter, gate, Method.POST, 50_000)));
    }

    private static async Task<string> SendAsync(HttpClientRequestAdapter adapter, Gate gate, Method method, int length)
    {
        RequestInformation request = new() { HttpMethod = method, URI = new Uri(gate.Address, "orders") };
        if (length > 0)
        {
            request.SetStreamContent(new MemoryStream(new byte[length]), "application/octet-stream");
        }

        Stream answer = (await adapter.SendPrimitiveAsync<Stream>(request))!;
        using StreamReader reader = new(answer, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private sealed class Tokens : IAccessTokenProvider
    {
        public AllowedHostsValidator AllowedHostsValidator { get; } = new();

        public Task<string> GetAuthorizationTokenAsync(
            Uri uri, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default) => Task.FromResult("opaque");
    }
}
