using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using DpopHttp.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.Tests.Http;

/// <summary>What stands around the handler: traces, defaults, service discovery, redirects of WebSockets, waiting threads.</summary>
public class SurroundingsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_and_its_replay_are_in_one_span_when_somebody_listens(bool async)
    {
        ConcurrentQueue<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "DpopHttp",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        List<string?> traceParents = [];
        await using LoopbackServer server = await LoopbackServer.StartAsync(context =>
        {
            traceParents.Add(context.Request.Headers["traceparent"]);
            context.Response.StatusCode = traceParents.Count == 1 ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
            context.Response.Headers["DPoP-Nonce"] = "n1";
            return Task.CompletedTask;
        });
        using DpopKey key = DpopKey.Generate();
        using HttpClient client = key.Client();
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async, "DPoP opaque");
        Activity exchange = Assert.Single(spans, s => s.OperationName == "dpop.exchange" && s.GetTagItem("server.port") is int port && port == server.BaseAddress.Port);
        Assert.Single(spans, s => s.OperationName == "dpop.replay" && s.ParentSpanId == exchange.SpanId);
        Assert.All(traceParents, parent => Assert.Equal(exchange.TraceId.ToHexString(), parent!.Split('-')[1]));
    }

    [Fact]
    public async Task RemoveDpop_takes_one_client_out_of_the_defaults()
    {
        StubHandler server = new();
        ServiceCollection services = new();
        services.ConfigureHttpClientDefaults(client => client.AddDpop().ConfigurePrimaryHttpMessageHandler(() => server));
        services.AddHttpClient("plain").RemoveDpop();
        services.AddHttpClient("proven");
        await using ServiceProvider provider = services.BuildServiceProvider();
        foreach (string name in (string[])["plain", "proven"])
        {
            using HttpResponseMessage response = await provider.GetRequiredService<IHttpClientFactory>().CreateClient(name).GetAsync(new Uri("https://api.example.com/"));
        }

        Assert.Equal([true, false], server.Proofs.Select(proof => proof is null));
    }

    [Theory]
    [InlineData("https://a.svc.example/", true)]
    [InlineData("https://api.example.com/", true)]
    [InlineData("https://evil.example/", false)]
    public async Task IsAllowedOrigin_allows_more_than_AllowedOrigins(string uri, bool isSent)
    {
        DpopOptions options = new() { AllowedOrigins = { new Uri("https://api.example.com") }, IsAllowedOrigin = target => target.IdnHost.EndsWith(".svc.example", StringComparison.Ordinal) };
        using DpopKey key = DpopKey.Generate();
        StubHandler server = new();
        using HttpMessageInvoker client = key.Invoker(server, options);
        try
        {
            using HttpResponseMessage response = await client.GetAsync(new Uri(uri), async: true);
        }
        catch (DpopException exception)
        {
            Assert.Equal(DpopErrorCodes.OriginNotAllowed, exception.Code);
        }

        Assert.Equal(isSent, server.Proofs.Count == 1);
    }

    [Fact]
    public async Task Options_that_are_changed_after_the_handler_was_made_have_no_effect()
    {
        DpopOptions options = new() { AllowedOrigins = { new Uri("https://api.example.com") } };
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new StubHandler(), options);
        options.AllowedOrigins.Clear();
        options.BearerTokens = BearerTokenHandling.Allow;
        await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(new Uri("https://other.example.com/"), async: true));
        using HttpResponseMessage response = await client.GetAsync(new Uri("https://api.example.com/"), async: true, "Bearer opaque");
        Assert.NotNull(response.RequestMessage);
    }

    [Fact]
    public void A_redirect_from_wss_to_http_is_a_downgrade_and_not_followed()
    {
        using HttpResponseMessage response = new(HttpStatusCode.TemporaryRedirect) { Headers = { Location = new Uri("http://api.example.com/") } };
        Assert.Null(DpopHttp.Http.Redirects.Redirection.TargetOf(response, new Uri("wss://api.example.com/")));
        Assert.Null(DpopHttp.Http.Redirects.Redirection.TargetOf(response, new Uri("https://api.example.com/")));
        Assert.NotNull(DpopHttp.Http.Redirects.Redirection.TargetOf(response, new Uri("ws://api.example.com/")));
    }

    [Fact]
    public async Task Many_overridden_hosts_do_not_push_out_what_is_known_of_an_origin()
    {
        List<string?> nonces = [];
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new StubHandler(request =>
        {
            nonces.Add(DecodedProof.Nonce(request.Headers.GetValues("DPoP").Single()));
            return new HttpResponseMessage(HttpStatusCode.OK) { Headers = { { "DPoP-Nonce", "n1" } } };
        }));
        Uri api = new("https://api.example.com/");
        using HttpResponseMessage first = await client.GetAsync(api, async: true);
        for (int i = 0; i < 3_000; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, api) { Headers = { Host = $"h{i}.example.com" } };
            using HttpResponseMessage response = await client.SendAsync(request, CancellationToken.None);
        }

        using HttpResponseMessage last = await client.GetAsync(api, async: true);
        Assert.Equal("n1", nonces[^1]);
    }

    [Fact]
    public async Task Synchronous_sends_behind_a_slow_first_one_leave_no_unobserved_exception()
    {
        ConcurrentQueue<Exception> unobserved = [];
        void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (e.Exception.InnerExceptions.Any(inner => inner is TimeoutException))
            {
                unobserved.Enqueue(e.Exception);
            }
        }

        TaskScheduler.UnobservedTaskException += Note;
        try
        {
            TaskCompletionSource open = new();
            int requests = 0;
            await using LoopbackServer server = await LoopbackServer.StartAsync(context => Interlocked.Increment(ref requests) == 1 ? open.Task : Task.CompletedTask);
            using DpopKey key = DpopKey.Generate();
            using HttpClient client = key.Client();
            Task<HttpResponseMessage> first = client.GetAsync(server.BaseAddress, async: false);
            while (Volatile.Read(ref requests) == 0)
            {
                await Task.Delay(5);
            }

            HttpResponseMessage[] others = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => client.GetAsync(server.BaseAddress, async: false)));
            open.SetResult();
            using HttpResponseMessage answer = await first;
            Assert.All(others, response => response.Dispose());
            for (int i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Assert.Empty(unobserved);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Note;
        }
    }
}
