using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.Http.Refusals;

/// <summary>What the log says of a refusal that is handed back: once for each origin and error, with the likely cause.</summary>
public class RefusalLogTests
{
    public static TheoryData<string, string?, string?, int, string> Causes => new()
    {
        { "a bare 401, the clock off", null, "DPoP opaque", 70, "s ahead of" },
        { "a malformed challenge, the clock off", "DPoP error=\"un", "DPoP opaque", -70, "s behind" },
        { "another error, the clock off", "DPoP error=\"invalid_token\"", "DPoP opaque", 600, "ahead of" },
        { "Bearer only", "Bearer realm=\"api\"", "DPoP opaque", 0, "offers the scheme Bearer only" },
        { "no token", "DPoP algs=\"ES256\"", null, 0, "had no access token: set its Authorization header" },
        { "a secret that is wrong", "Basic realm=\"login\"", "Basic b3JkZXJzOndyb25n", 0, "The server may not know the credentials in the Authorization field (Basic)." },
        { "a raw token", "DPoP algs=\"ES256\"", "opaque", 0, "neither the scheme DPoP nor Bearer" },
        { "an upgraded token without cnf", "DPoP error=\"invalid_token\"", "Bearer opaque", 0, "does not say that it is bound" },
        { "a proof that was used before", "DPoP error=\"invalid_dpop_proof\"", "DPoP opaque", 0, "a handler below the DPoP handler that sends a request twice" },
        { "the wrong audience", "DPoP error=\"invalid_token\"", "DPoP opaque", 0, "The token may have expired, or be for another audience" },
        { "an audience that the server names", "DPoP error=\"invalid_token\", error_description=\"wrong audience\"", "DPoP opaque", 0, "(wrong audience)" },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task A_refusal_that_is_handed_back_is_one_warning_with_its_likely_cause(string what, string? challenge, string? authorization, int clock, string cause)
    {
        Assert.NotEmpty(what);
        await using LoopbackServer server = await StartAsync(challenge, clock);
        await using ServiceProvider services = Services();
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await SendAsync(services, server, authorization);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        FakeLogRecord record = Assert.Single(Warnings(services));
        Assert.Equal("Refused", record.Id.Name);
        Assert.Contains(cause, record.Message, StringComparison.Ordinal);
        Assert.StartsWith(server.BaseAddress.Authority, record.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_from_a_server_is_short_and_has_no_control_characters()
    {
        string poison = "\u001b[31m\u0007 x" + new string('y', 20_000);
        HttpResponseMessage Answer()
        {
            HttpResponseMessage response = new(HttpStatusCode.Unauthorized);
            response.Headers.TryAddWithoutValidation("WWW-Authenticate", $"DPoP error=\"{poison[..2000]}\", error_description=\"{poison[..5000]}\", algs=\"{poison[..5000]}\"");
            return response;
        }

        ServiceCollection services = new();
        services.AddFakeLogging().AddHttpClient("api").AddDpop().ConfigurePrimaryHttpMessageHandler(() => new StubHandler(_ => Answer()));
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri("https://api.example.com/"));
        }

        IReadOnlyList<FakeLogRecord> warnings = Warnings(provider);
        Assert.Equal(["AlgorithmNotAccepted", "Refused"], warnings.Select(w => w.Id.Name).Order());
        Assert.All(warnings, warning =>
        {
            Assert.InRange(warning.Message.Length, 1, 1_500);
            Assert.DoesNotContain(warning.Message, char.IsControl);
            Assert.DoesNotContain(warning.StructuredState!, state => state.Value?.Any(char.IsControl) == true);
        });
    }

    [Fact]
    public async Task A_second_attempt_that_leads_on_to_success_is_no_warning_but_for_the_clock()
    {
        int requests = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            // First the nonce, then the time, then all is well.
            int turn = Interlocked.Increment(ref requests);
            context.Response.Headers["DPoP-Nonce"] = "n1";
            context.Response.Headers.Date = TimeProvider.System.GetUtcNow().AddMinutes(10).ToString("R");
            if (turn < 3)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = turn == 1 ? "DPoP error=\"use_dpop_nonce\"" : "DPoP error=\"invalid_dpop_proof\"";
            }

            return Task.CompletedTask;
        });
        await using ServiceProvider services = Services();
        using HttpResponseMessage response = await SendAsync(services, server, "DPoP opaque");
        Assert.Equal((HttpStatusCode.OK, 3), (response.StatusCode, requests));
        Assert.Equal("ClockOffsetLearnt", Assert.Single(Warnings(services)).Id.Name);
    }

    [Fact]
    public async Task A_replay_that_fails_for_another_reason_is_not_a_refused_nonce()
    {
        int requests = 0;
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers["DPoP-Nonce"] = "n1";
            context.Response.Headers.WWWAuthenticate = ++requests == 1 ? "DPoP error=\"use_dpop_nonce\"" : "DPoP error=\"invalid_token\"";
            return Task.CompletedTask;
        });
        await using ServiceProvider services = Services();
        using HttpResponseMessage response = await SendAsync(services, server, "DPoP opaque");
        Assert.Equal(2, requests);
        Assert.Equal("Refused", Assert.Single(Warnings(services)).Id.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_primary_that_follows_redirects_out_of_sight_is_said_once(bool async)
    {
        await using LoopbackServer elsewhere = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.BaseAddress.AbsoluteUri);
            return Task.CompletedTask;
        });
        ServiceCollection collection = new();
        collection.AddFakeLogging().AddHttpClient("api").AddDpop().ConfigurePrimaryHttpMessageHandler(() => new HidingHandler());
        await using ServiceProvider services = collection.BuildServiceProvider();
        for (int i = 0; i < 3; i++)
        {
            using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
            using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal("RedirectedBelow", Assert.Single(Warnings(services)).Id.Name);
    }

    private static Task<LoopbackServer> StartAsync(string? challenge, int clock) => LoopbackServer.StartAsync(context =>
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.Date = TimeProvider.System.GetUtcNow().AddSeconds(clock).ToString("R");
        if (challenge is not null)
        {
            context.Response.Headers.WWWAuthenticate = challenge;
        }

        return Task.CompletedTask;
    });

    private static ServiceProvider Services()
    {
        ServiceCollection services = new();
        services.AddFakeLogging().AddHttpClient("api").AddDpop();
        return services.BuildServiceProvider();
    }

    private static async Task<HttpResponseMessage> SendAsync(IServiceProvider services, LoopbackServer server, string? authorization)
    {
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        using HttpRequestMessage request = new(HttpMethod.Get, server.BaseAddress);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await client.SendAsync(request);
    }

    private static List<FakeLogRecord> Warnings(IServiceProvider services) =>
        [.. services.GetFakeLogCollector().GetSnapshot().Where(r => r.Level >= LogLevel.Warning && r.Category!.StartsWith("DpopHttp", StringComparison.Ordinal))];

    /// <summary>Not a DelegatingHandler: the one that follows is out of reach.</summary>
    private sealed class HidingHandler : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner = new(new SocketsHttpHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.SendAsync(request, cancellationToken);

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) => _inner.Send(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
