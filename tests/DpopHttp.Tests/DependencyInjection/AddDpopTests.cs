using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tests.DependencyInjection;

public class AddDpopTests
{
    private static readonly Uri Api = new("https://api.example.com/orders");

    [Fact]
    public async Task AddDpop_ATypedClient_SendsProofs()
    {
        StubHandler server = new();
        await using ServiceProvider services = Build(s => s.AddHttpClient<OrdersClient>().AddDpop(), server);
        await services.GetRequiredService<OrdersClient>().GetAsync();
        Assert.NotNull(server.Proofs.Single());
    }

    [Fact]
    public async Task AddDpop_Twice_ChangesNothing()
    {
        StubHandler server = new();
        await using ServiceProvider services = Build(s => s.AddHttpClient<OrdersClient>().AddDpop().AddDpop().AddDpop(o => o.AllowInsecureHttp = true), server);
        await services.GetRequiredService<OrdersClient>().GetAsync();
        Assert.NotNull(server.Proofs.Single());
        IHttpMessageHandlerFactory factory = services.GetRequiredService<IHttpMessageHandlerFactory>();
        Assert.Equal(1, Chain(factory.CreateHandler(nameof(OrdersClient))).Count(h => h is DpopHandler));
    }

    [Fact]
    public async Task AddDpop_ForOneClient_LeavesOthersAlone()
    {
        StubHandler server = new();
        await using ServiceProvider services = Build(
            s =>
            {
                s.AddHttpClient("with").AddDpop();
                s.AddHttpClient("without");
            },
            server);
        await GetAsync(services, "without");
        Assert.Null(server.Proofs.Single());
    }

    [Fact]
    public async Task AddDpop_OnTheDefaults_ServesEveryClientWithAKeyOfItsOwn()
    {
        StubHandler server = new();
        await using ServiceProvider services = Build(
            s =>
            {
                s.ConfigureHttpClientDefaults(b => b.AddDpop(o => o.AdditionalClaims["by"] = "default"));
                s.AddHttpClient("a");
                s.AddHttpClient("b").AddDpop(o => o.AdditionalClaims["also"] = "b");
            },
            server);
        await GetAsync(services, "a");
        await GetAsync(services, "b");
        Assert.Equal(["default", "default"], server.Proofs.Select(p => DecodedProof.Claim(p, "by")));
        Assert.Equal([null, "b"], server.Proofs.Select(p => DecodedProof.Claim(p, "also")));
        Assert.Equal(2, server.Proofs.Select(Jwk).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddDpop_OnTheDefaults_GivesWayToAClientsOwnSettingsWhateverTheOrder(bool defaultsFirst)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Dpop:BearerTokens"] = "Allow" }).Build();
        await using ServiceProvider services = Build(
            s =>
            {
                Action[] calls =
                [
                    () => s.ConfigureHttpClientDefaults(b => b.AddDpop(o => o.KeyAlgorithm = "ES384").AddDpop(configuration.GetSection("Dpop"))),
                    () => s.AddHttpClient("own").AddDpop(o => (o.KeyAlgorithm, o.BearerTokens) = ("ES512", BearerTokenHandling.Reject)),
                ];
                foreach (Action call in defaultsFirst ? calls : calls.Reverse())
                {
                    call();
                }

                s.AddHttpClient("other");
            },
            new StubHandler());
        IOptionsMonitor<DpopOptions> options = services.GetRequiredService<IOptionsMonitor<DpopOptions>>();
        Assert.Equal(("ES512", BearerTokenHandling.Reject), (options.Get("own").KeyAlgorithm, options.Get("own").BearerTokens));
        Assert.Equal(("ES384", BearerTokenHandling.Allow), (options.Get("other").KeyAlgorithm, options.Get("other").BearerTokens));
    }

    [Fact]
    public async Task AddDpop_WithoutAKey_MakesOneForTheProcessAndSaysSoOnce()
    {
        StubHandler server = new();
        FakeLogCollector logs = null!;
        string[] keys;
        await using (ServiceProvider services = Build(s => s.AddFakeLogging().AddHttpClient("api").AddDpop(), server))
        {
            logs = services.GetFakeLogCollector();
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(services, "api")));
            keys = [.. server.Proofs.Select(Jwk).Distinct()];
        }

        Assert.Single(keys);
        FakeLogRecord made = Assert.Single(logs.GetSnapshot(), r => r.Id.Name == "KeyMade");
        Assert.Equal(LogLevel.Information, made.Level);
        Assert.Contains("must not outlive", made.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddDpop_WithAKey_UsesItAndDoesNotDisposeIt()
    {
        using DpopKey key = DpopKey.Generate();
        StubHandler server = new();
        await using (ServiceProvider services = Build(s => s.AddHttpClient("api").AddDpop(o => o.Key = key), server))
        {
            await GetAsync(services, "api");
        }

        Assert.Equal(key.PublicJwk, Jwk(server.Proofs.Single()));
        _ = DpopProof.Create(key, HttpMethod.Get, Api);
    }

    [Fact]
    public async Task AddDpop_HandlerRotation_KeepsKeyAndNonce()
    {
        StubHandler server = new(_ =>
        {
            HttpResponseMessage response = new(HttpStatusCode.OK);
            response.Headers.Add("DPoP-Nonce", "n1");
            return response;
        });
        await using ServiceProvider services = Build(s => s.AddHttpClient("api").AddDpop().SetHandlerLifetime(TimeSpan.FromSeconds(1)), server);
        IHttpMessageHandlerFactory factory = services.GetRequiredService<IHttpMessageHandlerFactory>();
        await GetAsync(services, "api");
        HttpMessageHandler first = factory.CreateHandler("api");

        // The factory's expiry takes no clock from outside.
        for (int i = 0; i < 100 && ReferenceEquals(Inner(first), Inner(factory.CreateHandler("api"))); i++)
        {
            await Task.Delay(100);
        }

        Assert.NotSame(Inner(first), Inner(factory.CreateHandler("api")));
        await GetAsync(services, "api");
        Assert.Equal("n1", DecodedProof.Nonce(server.Proofs[1]));
        Assert.Equal(Jwk(server.Proofs[0]), Jwk(server.Proofs[1]));

        static DpopHandler Inner(HttpMessageHandler handler) => Chain(handler).OfType<DpopHandler>().Single();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AddDpop_WithServices_ConfiguresByThem(bool onTheDefaults)
    {
        using DpopKey key = DpopKey.Generate();
        StubHandler server = new();
        await using ServiceProvider services = Build(
            s =>
            {
                s.AddSingleton(key);
                IHttpClientBuilder builder = s.AddHttpClient("api");
                if (onTheDefaults)
                {
                    s.ConfigureHttpClientDefaults(b => builder = b);
                }

                builder.AddDpop((o, provider) => o.Key = provider.GetRequiredService<DpopKey>());
            },
            server);
        await GetAsync(services, "api");
        Assert.Equal(key.PublicJwk, Jwk(server.Proofs.Single()));
    }

    [Fact]
    public async Task AddDpop_TheContainersClock_GivesIat()
    {
        DateTimeOffset time = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);
        StubHandler server = new();
        await using ServiceProvider services = Build(s => s.AddSingleton<TimeProvider>(new FakeTimeProvider(time)).AddHttpClient("api").AddDpop(), server);
        await GetAsync(services, "api");
        Assert.Equal(time.ToUnixTimeSeconds(), DecodedProof.Read(server.Proofs.Single()).GetPayloadValue<long>("iat"));
    }

    [Fact]
    public async Task AddDpop_Configuration_BindsEveryKey()
    {
        await using ServiceProvider services = Build(s => s.AddHttpClient("api").AddDpop(Section(new()
        {
            ["Dpop:AllowInsecureHttp"] = "true",
            ["Dpop:AllowedOrigins:0"] = "https://api.example.com",
            ["Dpop:AllowedOrigins:1"] = "http://other.example:81",
            ["Dpop:BearerTokens"] = "reject",
        })));
        DpopOptions options = services.GetRequiredService<IOptionsMonitor<DpopOptions>>().Get("api");
        Assert.True(options.AllowInsecureHttp);
        Assert.Equal(BearerTokenHandling.Reject, options.BearerTokens);
        Assert.Equal([new Uri("https://api.example.com"), new Uri("http://other.example:81")], options.AllowedOrigins);
    }

    [Fact]
    public void Every_option_of_a_simple_type_can_be_configured_and_every_other_is_known_as_code_only()
    {
        Assert.Equal(Simple(typeof(DpopOptions), true), DpopOptionsSection.Configurable.Order());
        Assert.Equal(Simple(typeof(DpopOptions), false), DpopOptionsSection.CodeOnly.Order());
        Assert.Equal(Simple(typeof(DpopKeyOptions), true), DpopKeyOptionsSection.Configurable.Order());
        Assert.Equal(Simple(typeof(DpopKeyOptions), false), DpopKeyOptionsSection.CodeOnly.Order());

        static IEnumerable<string> Simple(Type options, bool isSimple) => options.GetProperties()
            .Where(p => (p.PropertyType.IsValueType || p.PropertyType == typeof(string) || p.PropertyType == typeof(ICollection<Uri>)) == isSimple)
            .Select(p => p.Name)
            .Order();
    }

    [Theory]
    [InlineData("Dpop:AllowInsecureHtpp", "true", "AllowInsecureHtpp")]
    [InlineData("Dpop:BearerTokens", "Upgarde", "BearerTokens")]
    [InlineData("Dpop:AllowedOrigins:0", "https://api.example.com/v1", "AllowedOrigins")]
    [InlineData("Dpop:AllowedOrigins:0", "http://api.example.com", "AllowedOrigins")]
    public async Task A_configuration_mistake_surfaces_when_the_host_starts(string key, string value, string named)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddHttpClient("api").AddDpop(Section(new() { [key] = value }));
        using IHost host = builder.Build();
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.Contains(named, exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_many_clients_adds_two_services_and_none_that_the_others_would_go_through()
    {
        ServiceCollection services = new();
        services.AddHttpClient("first").AddDpop();
        IHttpClientBuilder another = services.AddHttpClient("another");
        int before = services.Count;
        another.AddDpop(options => options.AllowInsecureHttp = true).AddDpop();

        // The validation at start-up, and the options themselves.
        Assert.Equal(before + 2, services.Count);
        Assert.DoesNotContain(services.Skip(before), service => service.ServiceType.GetGenericArguments().Contains(typeof(HttpClientFactoryOptions)));
    }

    [Fact]
    public void Nulls_throw()
    {
        IHttpClientBuilder builder = new ServiceCollection().AddHttpClient("api");
        Assert.Throws<ArgumentNullException>("builder", () => ((IHttpClientBuilder)null!).AddDpop());
        Assert.Throws<ArgumentNullException>("configure", () => builder.AddDpop((Action<DpopOptions>)null!));
        Assert.Throws<ArgumentNullException>("configure", () => builder.AddDpop((Action<DpopOptions, IServiceProvider>)null!));
        Assert.Throws<ArgumentNullException>("section", () => builder.AddDpop((IConfigurationSection)null!));
    }

    [Fact]
    public void AddDpop_returns_the_builder()
    {
        IHttpClientBuilder builder = new ServiceCollection().AddHttpClient("api");
        Assert.Same(builder, builder.AddDpop());
        Assert.Same(builder, builder.AddDpop(_ => { }));
        Assert.Same(builder, builder.AddDpop((_, _) => { }));
        Assert.Same(builder, builder.AddDpop(Section([])));
    }

    private static IConfigurationSection Section(Dictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("Dpop");

    private static ServiceProvider Build(Action<IServiceCollection> configure, StubHandler? server = null)
    {
        ServiceCollection services = new();
        configure(services);
        services.ConfigureHttpClientDefaults(b => b.ConfigurePrimaryHttpMessageHandler(() => server ?? new StubHandler()));
        return services.BuildServiceProvider();
    }

    private static async Task GetAsync(IServiceProvider services, string client)
    {
        using HttpClient http = services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        using HttpResponseMessage response = await http.GetAsync(Api);
    }

    private static string Jwk(string? proof) => DecodedProof.Read(proof).GetHeaderValue<System.Text.Json.JsonElement>("jwk").GetRawText();

    private static IEnumerable<HttpMessageHandler> Chain(HttpMessageHandler? handler)
    {
        for (; handler is not null; handler = (handler as DelegatingHandler)?.InnerHandler)
        {
            yield return handler;
        }
    }

    private sealed class OrdersClient(HttpClient http)
    {
        public async Task GetAsync()
        {
            using HttpResponseMessage response = await http.GetAsync(Api);
        }
    }
}
