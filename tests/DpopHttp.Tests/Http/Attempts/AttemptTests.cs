using System.Diagnostics;
using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace DpopHttp.Tests.Http.Attempts;

/// <summary>Each attempt starts from the caller's request: nothing that one leaves on it is on the next, or on the caller's afterwards.</summary>
public class AttemptTests
{
    private static readonly string[] TraceFields = ["traceparent", "tracestate", "Request-Id", "baggage"];

    public enum Kind
    {
        Nonce,
        Redirect,
        Resilience,
    }

    public static TheoryData<Kind, bool, bool> Cases
    {
        get
        {
            TheoryData<Kind, bool, bool> cases = [];
            foreach (Kind kind in Enum.GetValues<Kind>())
            {
                cases.Add(kind, true, true);
                cases.Add(kind, true, false);
                cases.Add(kind, false, true);
                cases.Add(kind, false, false);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Attempts_hops_and_retries_have_span_ids_of_their_own(Kind kind, bool isAmbient, bool async)
    {
        using ActivityListener listener = new() { ShouldListenTo = s => s.Name == "System.Net.Http", Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        if (!isAmbient)
        {
            ActivitySource.AddActivityListener(listener);
        }

        await using Server server = await Server.StartAsync(kind);
        await using ServiceProvider services = Services(kind);
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using Activity? ambient = isAmbient ? new Activity("ambient").Start() : null;
        using HttpRequestMessage request = new(HttpMethod.Get, server.Uri);
        request.Headers.Add("Authorization", "DPoP opaque");
        using HttpResponseMessage response = await client.SendAsync(request, async || kind == Kind.Resilience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string[] spans = [.. server.Seen.Select(headers => Assert.Single(headers["traceparent"])!.Split('-')[2])];
        Assert.Equal(3, spans.Length);
        Assert.Equal(3, spans.Distinct().Count());
        Assert.All(TraceFields, field => Assert.False(request.Headers.Contains(field)));
    }

    [Theory]
    [InlineData(Kind.Nonce, true)]
    [InlineData(Kind.Nonce, false)]
    [InlineData(Kind.Redirect, true)]
    [InlineData(Kind.Resilience, true)]
    public async Task A_callers_own_trace_header_stays(Kind kind, bool async)
    {
        const string Own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using Server server = await Server.StartAsync(kind);
        await using ServiceProvider services = Services(kind);
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using Activity ambient = new Activity("ambient").Start();
        using HttpRequestMessage request = new(HttpMethod.Get, server.Uri);
        request.Headers.Add("traceparent", Own);
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.All(server.Seen, headers => Assert.Equal(Own, Assert.Single(headers["traceparent"])));
        Assert.Equal(Own, Assert.Single(request.Headers.GetValues("traceparent")));
    }

    [Theory]
    [InlineData(Kind.Nonce, true)]
    [InlineData(Kind.Nonce, false)]
    [InlineData(Kind.Redirect, true)]
    [InlineData(Kind.Redirect, false)]
    [InlineData(Kind.Resilience, true)]
    public async Task What_a_handler_below_adds_or_overwrites_is_gone_before_the_next_attempt(Kind kind, bool async)
    {
        await using Server server = await Server.StartAsync(kind);
        await using ServiceProvider services = Services(kind, new MeddlingHandler { InnerHandler = new SocketsHttpHandler() });
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpRequestMessage request = new(HttpMethod.Post, server.Uri) { Content = new StringContent("body") };
        request.Headers.Add("Authorization", "DPoP opaque");
        request.Headers.Add("Accept", "text/plain");
        request.Headers.Add("X-Callers", "1");
        using HttpResponseMessage response = await client.SendAsync(request, async);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, server.Seen.Count);
        Assert.All(server.Seen, headers =>
        {
            Assert.Equal("1", headers["X-Below"]);
            Assert.Equal("1", headers["X-Callers"]);
            Assert.Equal("text/plain, application/meddled", headers["Accept"]);
            Assert.Equal("DPoP opaque", headers["X-Authorization-Seen"]);
            Assert.Single(headers["DPoP"]);
        });
        Assert.Equal("text/plain", request.Headers.Accept.ToString());
        Assert.False(request.Headers.Contains("X-Below"));
        Assert.Equal(("DPoP opaque", "1"), (request.Headers.Authorization!.ToString(), request.Headers.GetValues("X-Callers").Single()));
        Assert.Equal("body", await request.Content!.ReadAsStringAsync());
    }

    private static ServiceProvider Services(Kind kind, HttpMessageHandler? primary = null)
    {
        ServiceCollection services = new();
        IHttpClientBuilder client = services.AddHttpClient("api").AddDpop();
        if (primary is not null)
        {
            client.ConfigurePrimaryHttpMessageHandler(() => primary);
        }

        if (kind == Kind.Resilience)
        {
            client.AddResilienceHandler("retry", pipeline => pipeline.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.Zero }));
        }

        return services.BuildServiceProvider();
    }

    /// <summary>Lets the third request pass: after two challenges for a call of two hops, two redirects, or two failures.</summary>
    private sealed class Server : IAsyncDisposable
    {
        private LoopbackServer _server = null!;

        public Uri Uri => new(_server.BaseAddress, "/start");

        public List<Dictionary<string, Microsoft.Extensions.Primitives.StringValues>> Seen { get; } = [];

        public static async Task<Server> StartAsync(Kind kind)
        {
            Server server = new();
            server._server = await LoopbackServer.StartAsync(context =>
            {
                server.Seen.Add(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase));
                if (server.Seen.Count < 3)
                {
                    Refuse(context.Response, kind, server.Seen.Count);
                }

                return Task.CompletedTask;
            });
            return server;
        }

        public ValueTask DisposeAsync() => _server.DisposeAsync();

        private static void Refuse(HttpResponse response, Kind kind, int count)
        {
            response.StatusCode = kind switch
            {
                Kind.Nonce when count == 1 => StatusCodes.Status401Unauthorized,
                Kind.Resilience => StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status307TemporaryRedirect,
            };
            response.Headers.Location = $"/{count}";
            response.Headers["DPoP-Nonce"] = $"n{count}";
        }
    }

    /// <summary>As gRPC-Web in text mode does to Accept, and primaries with credentials to Authorization.</summary>
    private sealed class MeddlingHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Meddle(request);
            return base.SendAsync(request, cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Meddle(request);
            return base.Send(request, cancellationToken);
        }

        private static void Meddle(HttpRequestMessage request)
        {
            request.Headers.Add("X-Below", "1");
            request.Headers.Add("X-Authorization-Seen", request.Headers.Authorization!.ToString());
            request.Headers.Add("Accept", "application/meddled");
            request.Headers.Authorization = new("Basic", "bWU6bWU=");
        }
    }
}
