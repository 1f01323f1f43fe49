using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>A client with tokens of its own, the server that they come from and the API that takes them, all over real sockets.</summary>
internal sealed class TokenBench : IAsyncDisposable
{
    public const string Client = "orders";

    private readonly ServiceProvider _services;

    private TokenBench(TokenServer tokens, OrdersApi api, ServiceProvider services)
    {
        Tokens = tokens;
        Api = api;
        _services = services;
    }

    public TokenServer Tokens { get; }

    public OrdersApi Api { get; }

    public IServiceProvider Services => _services;

    public IEnumerable<string?> Logged => Services.GetFakeLogCollector().GetSnapshot().Select(record => record.Id.Name);

    /// <summary>Starts the servers; the client gets tokens by client credentials unless <paramref name="addTokens"/> adds another way.</summary>
    public static async Task<TokenBench> StartAsync(
        Action<DpopClientCredentialsOptions>? configure = null,
        TimeProvider? time = null,
        Action<IHttpClientBuilder, TokenServer>? addTokens = null)
    {
        TokenServer tokens = await TokenServer.StartAsync(time);
        OrdersApi api = await OrdersApi.StartAsync(tokens, time);
        ServiceCollection services = new();
        services.AddFakeLogging(log => log.FilteredLevels = new HashSet<LogLevel>()).AddLogging(log => log.SetMinimumLevel(LogLevel.Trace));
        if (time is not null)
        {
            services.AddSingleton(time);
        }

        IHttpClientBuilder builder = services.AddHttpClient(Client, http => http.BaseAddress = api.BaseAddress);
        addTokens ??= (client, server) => client.AddDpopClientCredentials(options =>
        {
            options.TokenEndpoint = server.TokenEndpoint;
            options.ClientId = "orders-worker";
            options.ClientSecret = "the-secret";
            configure?.Invoke(options);
        });
        addTokens(builder, tokens);
        if (time is PacedTime paced)
        {
            builder.ConfigurePrimaryHttpMessageHandler(paced.CreatePrimary).ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(paced.CreatePrimary));
        }

        return new TokenBench(tokens, api, services.BuildServiceProvider());
    }

    public HttpClient CreateClient() => Services.GetRequiredService<IHttpClientFactory>().CreateClient(Client);

    public async Task<HttpResponseMessage> GetAsync(bool async = true)
    {
        using HttpClient http = CreateClient();
        return await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "orders"), async);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Api.DisposeAsync();
        await Tokens.DisposeAsync();
    }
}
