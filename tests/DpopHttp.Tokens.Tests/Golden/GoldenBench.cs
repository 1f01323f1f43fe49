using System.Net;
using System.Text;
using DpopHttp.Tokens.Tests.Support;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DpopHttp.Tokens.Tests.Golden;

/// <summary>A client for which everything that decides what is stored is always the same.</summary>
internal sealed class GoldenBench : IAsyncDisposable
{
    public const string RefreshToken = "golden-refresh-token";
    public const string AccessToken = "golden-access-token";

    /// <summary>Of a token that lives for an hour.</summary>
    public static readonly DateTimeOffset ObtainedAt = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);

    private readonly DpopKey _key = DpopKey.FromJwk(GoldenFiles.ReadText("key.rfc7515-a3.json"));
    private readonly List<string> _sent = [];
    private readonly ServiceProvider _services;

    public GoldenBench(DateTimeOffset now)
    {
        ServiceCollection services = new();
        services.AddSingleton<HybridCache>(Cache).AddSingleton<TimeProvider>(new FakeTimeProvider(now));
        services.AddHttpClient("orders")
            .AddDpop(options => options.Key = _key)
            .ConfigurePrimaryHttpMessageHandler(() => new Answering(_sent, ""))
            .ConfigureDpopBackChannel(back => back.ConfigurePrimaryHttpMessageHandler(() => new Answering(
                [], $$"""{"access_token":"{{AccessToken}}","token_type":"DPoP","expires_in":3600}""")))
            .AddDpopClientCredentials(options =>
            {
                options.TokenEndpoint = new Uri("https://login.example.com/token");
                options.ClientId = "orders-worker";
                options.ClientSecret = "the-secret";
                options.Scope = "read write";
                options.Resources.Add("https://api.example.com");
                options.Parameters["audience"] = "orders";
            });
        _services = services.BuildServiceProvider();
    }

    public GivenCache Cache { get; } = new();

    public string Thumbprint => _key.Thumbprint;

    /// <summary>The Authorization field of a call.</summary>
    public async Task<string> CallAsync()
    {
        using HttpClient http = _services.GetRequiredService<IHttpClientFactory>().CreateClient("orders");
        using HttpResponseMessage response = await http.GetAsync(new Uri("https://api.example.com/"));
        return _sent[^1];
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _key.Dispose();
    }

    private sealed class Answering(List<string> sent, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Add(request.Headers.Authorization?.ToString() ?? "");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
