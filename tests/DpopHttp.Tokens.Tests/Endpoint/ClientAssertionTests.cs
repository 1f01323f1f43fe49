using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tokens.Tests.Endpoint;

/// <summary>A client that asks for its grants itself, with assertions.</summary>
public sealed class ClientAssertionTests : IDisposable
{
    private readonly DpopKey _assertionKey = DpopKey.Generate();

    public void Dispose() => _assertionKey.Dispose();

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
        services.AddHttpClient("identity").AddDpopClientAssertion("orders-web", assertionKey.ExportPrivateJwk(), "https://login.example.com", server.BaseAddress);
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("identity");
        using HttpRequestMessage request = new(HttpMethod.Post, server.BaseAddress)
        {
            Content = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", "the-code")]),
        };
        using HttpResponseMessage response = await http.SendAsync(request, async);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, 0), (response.StatusCode, foreign));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_for_another_server_has_no_assertion(bool async)
    {
        List<string?> assertions = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context => assertions.Add((await context.Request.ReadFormAsync())["client_assertion"]));
        await using LoopbackServer other = await LoopbackServer.StartAsync(async context => assertions.Add((await context.Request.ReadFormAsync())["client_assertion"]));
        await using ServiceProvider provider = Services(audience: server.BaseAddress.AbsoluteUri);
        await PostAsync(provider, server.BaseAddress, async);
        await PostAsync(provider, other.BaseAddress, async);
        Assert.True(assertions is [not null, null]);
    }

    [Theory]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("xn--bcher-kva.example", "BÜCHER.example")]
    public async Task A_host_name_in_Unicode_and_its_ASCII_form_are_one_server(string named, string asked)
    {
        List<string?> assertions = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(async context => assertions.Add((await context.Request.ReadFormAsync())["client_assertion"]));
        int port = server.BaseAddress.Port;
        await using ServiceProvider provider = Services($"http://{named}:{port}", client => client
            .AddDpop(options => options.AllowInsecureHttp = true)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                    await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }));
        await PostAsync(provider, new Uri($"http://{asked}:{port}/token"));
        Assert.NotNull(Assert.Single(assertions));
    }

    [Theory]
    [InlineData("orders-web:", false)]
    [InlineData("orders-web:secret", true)]
    [InlineData("!", true)]
    public async Task A_Basic_header_without_a_secret_does_not_go_out_beside_an_assertion(string credentials, bool goesOut)
    {
        List<string> seen = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            seen.Add(context.Request.Headers.Authorization.ToString());
            return Task.CompletedTask;
        });
        await using ServiceProvider provider = Services();
        AuthenticationHeaderValue header = new("Basic", credentials == "!" ? credentials : Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        HttpRequestMessage request = await PostAsync(provider, server.BaseAddress, authorization: header);
        Assert.Equal(goesOut ? header.ToString() : "", seen.Single());
        Assert.Equal(header, request.Headers.Authorization);
    }

    [Fact]
    public void An_audience_that_names_no_server_needs_the_origin()
    {
        using DpopKey key = DpopKey.Generate();
        IHttpClientBuilder builder = new ServiceCollection().AddHttpClient("identity");
        Assert.Throws<ArgumentException>(() => builder.AddDpopClientAssertion("orders", key.ExportPrivateJwk(), "orders-api"));
        Assert.Throws<ArgumentException>(() => builder.AddDpopClientAssertion("orders", key.ExportPrivateJwk(), "orders-api", new Uri("token", UriKind.Relative)));
        builder.AddDpopClientAssertion("orders", key.ExportPrivateJwk(), "orders-api", new Uri("https://login.example.com"));
    }

    [Fact]
    public void An_RSA_key_without_an_algorithm_is_told_which_line_to_add()
    {
        using DpopKey key = DpopKey.Generate("PS256");
        string jwk = key.ExportPrivateJwk().Replace("\"alg\":\"PS256\"", "\"use\":\"sig\"", StringComparison.Ordinal);
        Assert.DoesNotContain("alg", jwk, StringComparison.Ordinal);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddHttpClient("identity").AddDpopClientAssertion("orders", jwk));
        Assert.Contains("\"alg\": \"PS256\"", exception.Message, StringComparison.Ordinal);
    }

    private ServiceProvider Services(string? audience = null, Action<IHttpClientBuilder>? configure = null)
    {
        ServiceCollection services = new();
        IHttpClientBuilder client = services.AddHttpClient("identity").AddDpopClientAssertion("orders-web", _assertionKey.ExportPrivateJwk(), audience);
        configure?.Invoke(client);
        return services.BuildServiceProvider();
    }

    private static async Task<HttpRequestMessage> PostAsync(ServiceProvider provider, Uri address, bool async = true, AuthenticationHeaderValue? authorization = null)
    {
        using HttpClient http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("identity");
        HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new FormUrlEncodedContent([new("grant_type", "authorization_code"), new("code", "the-code")]) };
        request.Headers.Authorization = authorization;
        using HttpResponseMessage response = await http.SendAsync(request, async);
        return request;
    }
}
