using System.Diagnostics.Metrics;
using DpopHttp.AspNetCore.Tests.Support;
using DpopHttp.Tests.Handmade;
using DpopHttp.Verification;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Testing;

namespace DpopHttp.AspNetCore.Tests.Diagnostics;

/// <summary>What is logged, counted and told to the event, and that no secret is in it.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly Caller _caller = new();

    public void Dispose() => _caller.Dispose();

    [Fact]
    public async Task Refusals_LogSeenAgainstClaimedAndTheSettingThatIsLikelyWrong()
    {
        await using TestApi api = await TestApi.StartAsync();
        string uri = api.Origin("1.1") + "/orders";

        await _caller.SendAsync("1.1", uri, _caller.Proof(uri.Replace("http:", "https:", StringComparison.Ordinal) + "?secret=1").ToString());
        await _caller.SendAsync("1.1", uri, _caller.Proof("http://other.example/orders").ToString());

        FakeLogRecord[] refusals = [.. api.Logs.GetSnapshot().Where(log => log.Id.Name == "Refused")];
        Assert.Contains($"request is for '{uri}'", refusals[0].Message, StringComparison.Ordinal);
        Assert.Contains("Set PublicOrigin, or add UseForwardedHeaders with XForwardedProto", refusals[0].Message, StringComparison.Ordinal);
        Assert.Contains("'http://other.example/orders'", refusals[1].Message, StringComparison.Ordinal);
        Assert.Contains("XForwardedHost", refusals[1].Message, StringComparison.Ordinal);
        Assert.Contains(_caller.Key.Thumbprint, refusals[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusalOfAProofThatCannotBeRead_SaysThatItsKeyIsUnknown()
    {
        await using TestApi api = await TestApi.StartAsync();
        await _caller.SendAsync("1.1", api.Origin("1.1") + "/orders", "x");

        FakeLogRecord refusal = Assert.Single(api.Logs.GetSnapshot(), log => log.Id.Name == "Refused");
        Assert.Contains($". Key unknown, token bound to {_caller.Key.Thumbprint}.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyRefusals_AreLoggedTwentyTimesAMinuteAtMost()
    {
        await using TestApi api = await TestApi.StartAsync();
        for (int i = 0; i < 100; i++)
        {
            await _caller.SendAsync("1.1", api.Origin("1.1") + "/orders", "x");
        }

        // A minute may end between two of them.
        Assert.InRange(api.Logs.GetSnapshot().Count(log => log.Id.Name == "Refused"), 20, 40);
    }

    [Fact]
    public async Task Meter_CountsByCheckAndOutcome()
    {
        await using TestApi api = await TestApi.StartAsync(options => options.BearerTokens = DpopBearerTokens.AllowUnbound);
        IMeterFactory meters = api.Services.GetRequiredService<IMeterFactory>();
        using MetricCollector<long> validations = new(meters, "DpopHttp", "dpop.server.validations");
        using MetricCollector<double> durations = new(meters, "DpopHttp", "dpop.server.validation.duration");
        string origin = api.Origin("1.1");

        await _caller.SendAsync("1.1", origin + "/orders");
        await _caller.SendAsync("1.1", origin + "/orders", proof => proof.Claims["htm"] = "PUT");
        await _caller.SendAsync("1.1", origin + "/only-nonce");
        await _caller.SendAsync("1.1", origin + "/orders", proof: null, "Bearer", token: TokenIssuer.Issue(null));
        await _caller.SendAsync("1.1", origin + "/orders", proof: null, "Bearer");
        await _caller.SendAsync("1.1", origin + "/orders", proof: null, "Bearer", token: "x");
        await _caller.SendWithoutCredentialsAsync("1.1", origin + "/orders");

        Assert.Equal(
            ["none accepted DPoP", "method refused DPoP", "nonce challenged DPoP", "none accepted Bearer", "bound_token_as_bearer refused Bearer", "access_token refused Bearer"],
            validations.GetMeasurementSnapshot().Select(m => $"{m.Tags["dpop.check"]} {m.Tags["dpop.outcome"]} {m.Tags["dpop.token_type"]}"));
        Assert.Equal(3, durations.GetMeasurementSnapshot().Count);
        Assert.All(durations.GetMeasurementSnapshot(), m => Assert.InRange(m.Value, 0, 60));
    }

    [Fact]
    public async Task Meter_TokenThatCameAsDpopAndWhoseProofWasNotLookedAt_IsCountedAsDpop()
    {
        await using TestApi api = await TestApi.StartAsync(services: services => services.AddSingleton<DpopReplayStore, BrokenStore>());
        using MetricCollector<long> validations = new(api.Services.GetRequiredService<IMeterFactory>(), "DpopHttp", "dpop.server.validations");
        string uri = api.Origin("1.1") + "/orders";

        await _caller.SendAsync("1.1", uri, proof: null, token: "x");
        await _caller.SendAsync("1.1", uri, proof: null, token: TokenIssuer.Issue(thumbprint: null));
        await _caller.SendAsync("1.1", uri);

        Assert.Equal(
            ["access_token DPoP", "unbound_token DPoP", "replay_store DPoP"],
            validations.GetMeasurementSnapshot().Select(m => $"{m.Tags["dpop.check"]} {m.Tags["dpop.token_type"]}"));
    }

    [Fact]
    public async Task Event_HasCheckSectionAndThumbprints()
    {
        List<DpopValidation> seen = [];
        await using TestApi api = await TestApi.StartAsync(options => options.OnValidated = validation =>
        {
            seen.Add(validation);
            return ValueTask.CompletedTask;
        });
        using HandmadeKey thief = HandmadeKey.Create();
        string uri = api.Origin("1.1") + "/orders";

        await _caller.SendAsync("1.1", uri);
        await _caller.SendAsync("1.1", uri, _caller.Proof(uri, key: thief).ToString());

        Assert.True(seen[0].IsAccepted && seen[0].IsProven);
        Assert.Equal((DpopProofCheck.KeyBinding, "key_binding", "RFC 9449 section 4.3, item 12"), (seen[1].Proof!.FailedCheck, seen[1].Reason, seen[1].Section));
        Assert.Equal((thief.Thumbprint, _caller.Key.Thumbprint), (seen[1].Proof!.Thumbprint, seen[1].Proof!.BoundThumbprint));
    }

    [Fact]
    public async Task LogsAtEveryLevelAndMetrics_HaveNoTokenProofNonceOrQuery()
    {
        await using TestApi api = await TestApi.StartAsync(options => options.Nonces = DpopNonceMode.Required);
        string uri = api.Origin("1.1") + "/orders";
        List<string> measured = [];
        using MeterListener meters = new()
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "DpopHttp")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, _, tags, _) => Note(measured, tags));
        meters.SetMeasurementEventCallback<double>((_, _, tags, _) => Note(measured, tags));
        meters.Start();
        Answer challenge = await _caller.SendAsync("1.1", uri);
        List<string> secrets = [_caller.Token, _caller.Token[..40], challenge.Nonce!];
        foreach (Action<HandmadeProof> spoil in (Action<HandmadeProof>[])
            [_ => { }, p => p.Claims["htm"] = "PUT", p => p.Claims["htu"] = uri + "?hidden=1", p => p.Claims["ath"] = "x", p => p.Claims["nonce"] = "stale-nonce", p => p.Header["alg"] = "HS256"])
        {
            HandmadeProof proof = _caller.Proof(uri, nonce: challenge.Nonce);
            spoil(proof);
            secrets.Add(proof.ToString().Split('.')[1]);
            await _caller.SendAsync("1.1", uri, proof.ToString());
        }

        string[] own = [.. api.Logs.GetSnapshot().Where(log => log.Category!.StartsWith("DpopHttp", StringComparison.Ordinal))
            .Select(log => $"{log.Message} {log.Exception} {string.Join(' ', log.StructuredState ?? [])}")];
        Assert.NotEmpty(own);

        // Other tests are measured too, also at this moment.
        string[] seen;
        lock (measured)
        {
            seen = [.. measured];
        }

        Assert.NotEmpty(seen);
        Assert.All(own.Concat(seen), text => Assert.DoesNotContain(secrets.Concat(["hidden", "stale-nonce"]), secret => text.Contains(secret, StringComparison.Ordinal)));
    }

    private static void Note(List<string> measured, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (measured)
        {
            measured.Add(string.Join(' ', tags.ToArray()));
        }
    }
}
