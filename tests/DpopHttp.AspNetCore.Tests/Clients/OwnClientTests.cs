using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace DpopHttp.AspNetCore.Tests.Clients;

/// <summary>The handler of this project against the API of this project.</summary>
public sealed class OwnClientTests
{
    public static MatrixTheoryData<string, DpopNonceMode> Modes { get; } =
        new(["1.1", "2.0", "nginx 1.1", "nginx 2.0"], [DpopNonceMode.Off, DpopNonceMode.WhenClockDiffers, DpopNonceMode.Required]);

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task SixteenCallers_EveryCallSucceedsWithOneChallengeAtMost(string version, DpopNonceMode mode)
    {
        await using TestApi api = await TestApi.StartAsync(options =>
        {
            options.Nonces = mode;
            options.NonceStep = TimeSpan.FromHours(1);
        });
        using MetricCollector<long> validations = new(api.Services.GetRequiredService<IMeterFactory>(), "DpopHttp", "dpop.server.validations");
        using DpopKey key = DpopKey.Generate();
        await using ServiceProvider provider = Client(key, version, out HttpClient http);
        string[] paths = ["/orders", "/orders/a%2Fb?x=1", "/orders/é", "/orders/a%2Bb", "/only-dpop"];

        await Parallel.ForAsync(0, 16, async (caller, _) =>
        {
            foreach (string path in paths)
            {
                using HttpResponseMessage response = await http.GetAsync(new Uri(api.Origin(version) + path), CancellationToken.None);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        });

        Assert.Equal(16 * paths.Length, validations.GetMeasurementSnapshot().Count(m => (string)m.Tags["dpop.outcome"]! == "accepted"));
        Assert.Equal(mode == DpopNonceMode.Required ? 1 : 0, validations.GetMeasurementSnapshot().Count(m => (string)m.Tags["dpop.outcome"]! != "accepted"));
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task NonceSteps_NeverChallengeAClientThatCallsOften(string version)
    {
        ShiftedTime time = new();
        await using TestApi api = await TestApi.StartAsync(options =>
        {
            options.Nonces = DpopNonceMode.Required;
            options.ProofLifetime = TimeSpan.FromHours(1);
            options.ClockSkew = TimeSpan.FromHours(1);
            options.NonceStep = TimeSpan.FromMinutes(8);
            options.TimeProvider = time;
        });
        using MetricCollector<long> validations = new(api.Services.GetRequiredService<IMeterFactory>(), "DpopHttp", "dpop.server.validations");
        using DpopKey key = DpopKey.Generate();
        await using ServiceProvider provider = Client(key, version, out HttpClient http);
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri(api.Origin(version) + "/orders"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            time.Offset += TimeSpan.FromMinutes(5);
        }

        Assert.Single(validations.GetMeasurementSnapshot(), m => (string)m.Tags["dpop.outcome"]! != "accepted");
    }

    private static ServiceProvider Client(DpopKey key, string version, out HttpClient http)
    {
        ServiceCollection services = new();
        services.AddHttpClient("api", client =>
            {
                client.DefaultRequestVersion = Version.Parse(version.Split(' ')[^1]);
                client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("DPoP", TokenIssuer.Issue(key.Thumbprint));
            })
            .AddDpop(options =>
            {
                options.Key = key;
                options.AllowInsecureHttp = true;

                // On a busy machine the first call takes longer than others wait for what it learns.
                options.TimeProvider = new StoppedTimers();
            })
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false, ConnectCallback = Loopback.ConnectAsync });
        ServiceProvider provider = services.BuildServiceProvider();
        http = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        return provider;
    }
}
