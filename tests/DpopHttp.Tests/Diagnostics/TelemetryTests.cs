using System.Diagnostics.Metrics;
using System.Net;
using DpopHttp.Testing;
using DpopHttp.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.Tests.Diagnostics;

public class TelemetryTests
{
    [Fact]
    public async Task A_challenged_request_counts_proofs_challenge_and_replay()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        await using ServiceProvider services = Build();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        MetricCollector<long> Collect(string name) => new(meters, "DpopHttp", name);
        using MetricCollector<long> proofs = Collect("dpop.client.proofs");
        using MetricCollector<long> challenges = Collect("dpop.client.challenges");
        using MetricCollector<long> replays = Collect("dpop.client.replays");
        using MetricCollector<double> durations = new(meters, "DpopHttp", "dpop.client.sign.duration");
        using HttpResponseMessage response = await SendAsync(services, server.BaseAddress);

        Assert.Equal(2, proofs.GetMeasurementSnapshot().Sum(m => m.Value));
        CollectedMeasurement<long> proof = proofs.GetMeasurementSnapshot()[0];
        Assert.Equal("127.0.0.1", proof.Tags["server.address"]);
        Assert.Equal(server.BaseAddress.Port, proof.Tags["server.port"]);
        Assert.Equal("GET", proof.Tags["http.request.method"]);
        Assert.Equal("nonce", Assert.Single(challenges.GetMeasurementSnapshot()).Tags["dpop.challenge.kind"]);
        CollectedMeasurement<long> replay = Assert.Single(replays.GetMeasurementSnapshot());
        Assert.Equal(("nonce", "accepted"), (replay.Tags["dpop.replay.reason"], replay.Tags["dpop.replay.outcome"]));
        Assert.All(durations.GetMeasurementSnapshot(), m => Assert.InRange(m.Value, 0.000001, 10));
    }

    [Fact]
    public async Task A_refused_replay_is_counted_and_logged_as_such()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.NeverAccepted });
        await using ServiceProvider services = Build();
        using MetricCollector<long> replays = new(services.GetRequiredService<IMeterFactory>(), "DpopHttp", "dpop.client.replays");
        using HttpResponseMessage response = await SendAsync(services, server.BaseAddress);
        Assert.Equal("refused", Assert.Single(replays.GetMeasurementSnapshot()).Tags["dpop.replay.outcome"]);
        Assert.Single(services.GetFakeLogCollector().GetSnapshot(), r => r.Id.Name == "ReplayRefused" && r.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task An_error_is_counted_by_its_code_and_logged()
    {
        await using ServiceProvider services = Build();
        using MetricCollector<long> errors = new(services.GetRequiredService<IMeterFactory>(), "DpopHttp", "dpop.client.errors");
        await Assert.ThrowsAsync<DpopException>(() => SendAsync(services, new Uri("http://api.example.com/")));
        Assert.Equal(DpopErrorCodes.InsecureTransport, Assert.Single(errors.GetMeasurementSnapshot()).Tags["error.type"]);
        Assert.Single(services.GetFakeLogCollector().GetSnapshot(), r => r.Id.Name == "NotSent");
    }

    [Fact]
    public async Task No_log_has_a_token_a_proof_a_nonce_or_a_query_in_text_or_state()
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler { Nonces = NonceMode.NeverAccepted });
        await using ServiceProvider services = Build();
        using HttpResponseMessage response = await SendAsync(services, new Uri(server.BaseAddress, "/orders?secret-query=1"));
        await Assert.ThrowsAsync<DpopException>(() => SendAsync(services, new Uri("http://api.example.com/?secret-query=1")));

        string[] secrets =
        [
            "secret-token", "secret-query",
            .. server.Api.Requests.SelectMany(r => (string?[])[r.Proof, r.Nonce]).OfType<string>(),
        ];
        FakeLogRecord[] ours = [.. services.GetFakeLogCollector().GetSnapshot().Where(r => r.Category!.StartsWith("DpopHttp", StringComparison.Ordinal))];
        Assert.NotEmpty(ours);
        foreach (FakeLogRecord record in ours)
        {
            string text = record.Message + string.Concat(record.StructuredState?.Select(s => s.Key + s.Value) ?? []) + record.Exception;
            Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_factorys_own_log_shows_neither_token_nor_proof_nor_nonce_even_when_told_to_redact_something_else(bool byDefaults)
    {
        await using ResourceServer server = await ResourceServer.StartAsync(new ProtectedResourceHandler());
        await using ServiceProvider services = Build(b => b.RedactLoggedHeaders(["X-Mine"]), byDefaults);
        using HttpResponseMessage response = await SendAsync(services, server.BaseAddress);
        string text = string.Concat(services.GetFakeLogCollector().GetSnapshot().Select(r => r.Message));
        Assert.Contains("Authorization: *", text, StringComparison.Ordinal);
        Assert.Contains("DPoP-Nonce: *", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", text, StringComparison.Ordinal);
        Assert.All(server.Api.Requests, r => Assert.DoesNotContain(r.Proof!, text, StringComparison.Ordinal));
    }

    private static ServiceProvider Build(Action<IHttpClientBuilder>? configure = null, bool byDefaults = false)
    {
        ServiceCollection services = new();
        services.AddFakeLogging(o => o.FilteredLevels = new HashSet<LogLevel>()).AddLogging(l => l.SetMinimumLevel(LogLevel.Trace));
        IHttpClientBuilder builder = services.AddHttpClient("api");
        if (byDefaults)
        {
            services.ConfigureHttpClientDefaults(defaults => defaults.AddDpop());
        }
        else
        {
            builder.AddDpop();
        }

        configure?.Invoke(builder);
        return services.BuildServiceProvider();
    }

    private static async Task<HttpResponseMessage> SendAsync(IServiceProvider services, Uri uri)
    {
        using HttpClient client = services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
        client.DefaultRequestHeaders.Authorization = new("DPoP", "secret-token");
        return await client.GetAsync(uri);
    }
}
