using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms;

namespace DpopHttp.AspNetCore.Tests.Clients;

/// <summary>The handler of this project calls an API of this project through YARP, which ends TLS and lets the proofs pass, as docs/gateways.md has it.</summary>
public sealed partial class YarpTests : IAsyncDisposable
{
    private readonly LoopbackCertificate _certificate = new();
    private readonly DpopKey _key = DpopKey.Generate();
    private readonly ConcurrentQueue<string> _received = [];
    private readonly SentFields _sent = new();
    private WebApplication? _gateway;

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
        _certificate.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task An_API_that_believes_the_gateways_headers_takes_the_proof_of_every_path(string version)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.Nonces = DpopNonceMode.Required, before: app =>
        {
            UseForwardedHeaders(app);
            Note(app);
        });
        using HttpClient http = await OpenAsync(api, version, Match(""), LeavePath);
        string[] paths = ["/orders", "/orders/me%40example.com", "/orders/a%2Fb%2Bc?x=%2F", "/orders/é%20%7E%252F"];
        foreach (string path in paths)
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("https://gateway.example.com" + path));
            Assert.Equal((HttpStatusCode.OK, $"True {_key.Thumbprint} DPoP"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        }

        // One more than the paths: the nonce was asked for once. What the client sent is what came.
        Assert.Equal(paths.Length + 1, _received.Count);
        Assert.Equal(_sent.All, _received);
    }

    [Fact]
    public async Task An_API_that_is_told_its_public_address_takes_proofs_for_the_path_that_the_gateway_takes_away()
    {
        await using TestApi api = await TestApi.StartAsync(before: Note, authentication: authentication =>
        {
            authentication.AddJwtBearer(bearer => bearer.TokenValidationParameters = TokenIssuer.Parameters);
            authentication.AddDpop("Bearer", api => api.PublicOrigin = new Uri("https://gateway.example.com/orders"));
            authentication.Services.Configure<DpopAuthenticationOptions>("Bearer", options => options.Nonces = DpopNonceMode.Required);
        });
        using HttpClient http = await OpenAsync(api, "1.1", Match("/orders"), _ => { });

        using HttpResponseMessage response = await http.GetAsync(new Uri("https://gateway.example.com/orders/7"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, _received.Count);
        Assert.Equal(_sent.All, _received);
    }

    public static TheoryData<string, ForwardedHeaders, string, bool, string> Faults => new()
    {
        { "The scheme differs", ForwardedHeaders.None, "", true, "/orders" },
        { "The host differs", ForwardedHeaders.XForwardedProto, "", true, "/orders" },
        { "The client's path is longer", ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, "/orders", false, "/orders/7" },
        { "The path differs", ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost, "", false, "/orders/me%40example.com" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_refusal_says_what_is_missing(string said, ForwardedHeaders believed, string prefix, bool leavesPath, string path)
    {
        await using TestApi api = await TestApi.StartAsync(options => options.Nonces = DpopNonceMode.Required, before: app =>
        {
            app.UseForwardedHeaders(new ForwardedHeadersOptions { ForwardedHeaders = believed });
            Note(app);
        });
        using HttpClient http = await OpenAsync(api, "1.1", Match(prefix), leavesPath ? LeavePath : _ => { });

        using HttpResponseMessage response = await http.GetAsync(new Uri("https://gateway.example.com" + path));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_dpop_proof", response.GetDpopChallenge()?.Error);
        Assert.Single(_received);
        FakeLogRecord refusal = Assert.Single(api.Logs.GetSnapshot(), log => log.Id.Name == "Refused");
        Assert.Contains("by the check uri", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"The htu is 'https://gateway.example.com{path}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"| {said} |", Section(), StringComparison.Ordinal);
    }

    /// <summary>An API whose server takes it for a slash would find another path than the gateway's routes did.</summary>
    [Fact]
    public async Task A_path_with_a_backslash_is_not_left_as_it_came()
    {
        string? target = null;
        await using TestApi api = await TestApi.StartAsync(before: app => app.Use((context, next) =>
        {
            target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            return next(context);
        }));
        using HttpClient http = await OpenAsync(api, "1.1", Match(""), LeavePath);

        using HttpResponseMessage response = await http.GetAsync(new Uri(@"https://gateway.example.com/open/\..\orders", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        Assert.Equal("/open/%5C..%5Corders", target);
    }

    [Fact]
    public void The_blocks_of_the_page_are_the_code_of_these_tests()
    {
        string tests = Space().Replace(File.ReadAllText(Path.Combine(Repository.Root, "tests/DpopHttp.AspNetCore.Tests/Clients/YarpTests.cs")), " ");
        string[] blocks = [.. Block().Matches(Section()).Select(match => Space().Replace(match.Groups[1].Value, " ").Trim())];
        Assert.Equal(3, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(block, tests, StringComparison.Ordinal));
    }

    private static void LeavePath(IReverseProxyBuilder proxy) =>
        proxy.AddTransforms(transforms => transforms.AddRequestTransform(context =>
        {
            string target = context.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if (target.StartsWith('/') && !target.Contains('\\'))
            {
                context.ProxyRequest.RequestUri = new Uri(context.DestinationPrefix.TrimEnd('/') + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            }

            return ValueTask.CompletedTask;
        }));

    private static void UseForwardedHeaders(WebApplication app) =>
        app.UseForwardedHeaders(new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            KnownProxies = { IPAddress.Parse("10.0.0.5") },    // the gateway
        });

    /// <summary>The route of YARP: all paths, or those with a prefix, which it takes away.</summary>
    private static RouteConfig Match(string prefix)
    {
        RouteConfig route = new() { RouteId = "api", ClusterId = "api", Match = new RouteMatch { Path = prefix + "/{**path}" } };
        return prefix.Length == 0 ? route : route.WithTransformPathRemovePrefix(prefix);
    }

    private static string Section()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs/gateways.md"));
        return page[page.IndexOf("## Clients that make proofs", StringComparison.Ordinal)..];
    }

    private void Note(WebApplication app) => app.Use((context, next) =>
    {
        _received.Enqueue($"{context.Request.Method} {context.Request.Headers.Authorization} {context.Request.Headers["DPoP"]}");
        return next(context);
    });

    /// <summary>Starts the gateway in front of the API.</summary>
    /// <returns>A client for which it is gateway.example.com.</returns>
    private async Task<HttpClient> OpenAsync(TestApi api, string version, RouteConfig route, Action<IReverseProxyBuilder> configure)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate.Certificate)));
        builder.Services.AddRoutingCore();
        configure(builder.Services.AddReverseProxy().LoadFromMemory(
            [route], [new ClusterConfig { ClusterId = "api", Destinations = new Dictionary<string, DestinationConfig> { ["api"] = new() { Address = api.Origin("1.1") } } }]));
        _gateway = builder.Build();
        _gateway.MapReverseProxy();
        await _gateway.StartAsync();

        int port = new Uri(_gateway.Urls.Single()).Port;
        SocketsHttpHandler sockets = new()
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => _certificate.Certificate.Equals(certificate) },
            ConnectCallback = async (_, cancellationToken) =>
            {
                TcpClient tcp = new();
                await tcp.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return tcp.GetStream();
            },
        };
        _sent.InnerHandler = sockets;
        HttpClient http = new(new DpopHandler(_key) { InnerHandler = _sent }) { DefaultRequestVersion = Version.Parse(version), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("DPoP", TokenIssuer.Issue(_key.Thumbprint));
        return http;
    }

    [GeneratedRegex(@"^```cs\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    /// <summary>Notes of each attempt what the handler made.</summary>
    private sealed class SentFields : DelegatingHandler
    {
        public ConcurrentQueue<string> All { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            All.Enqueue($"{request.Method} {request.Headers.Authorization} {request.Headers.GetValues("DPoP").Single()}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
