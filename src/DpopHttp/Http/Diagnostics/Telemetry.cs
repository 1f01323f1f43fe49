using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using DpopHttp.Http.Challenges;
using DpopHttp.Http.Replays;
using DpopHttp.Logging;
using DpopHttp.Origins;
using DpopHttp.Proofs;
using DpopHttp.Shared;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DpopHttp.Http.Diagnostics;

/// <summary>Counts and logs what the handler does. Tags follow OpenTelemetry's conventions for HTTP.</summary>
internal sealed class Telemetry
{
    public const string Name = "DpopHttp";

    private static readonly ActivitySource Source = new(Name);

    private readonly ILogger _logger;
    private readonly Counter<long> _proofs;
    private readonly Counter<long> _challenges;
    private readonly Counter<long> _replays;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _signDuration;

    public Telemetry(ILogger logger, Meter meter)
    {
        _logger = logger;
        _proofs = meter.CreateCounter<long>("dpop.client.proofs", "{proof}", "Proofs sent.");
        _challenges = meter.CreateCounter<long>("dpop.client.challenges", "{challenge}", "Refusals that another proof can cure.");
        _replays = meter.CreateCounter<long>("dpop.client.replays", "{request}", "Requests that were sent once more.");
        _errors = meter.CreateCounter<long>("dpop.client.errors", "{error}", "Requests that were not sent because DPoP could not be applied.");
        _signDuration = meter.CreateHistogram<double>("dpop.client.sign.duration", "s", "Time to make one proof, most of it for the signature.");
    }

    /// <summary>For handlers made without dependency injection: metrics, and no log.</summary>
    public static Telemetry Default { get; } = new(NullLogger.Instance, new Meter(Name));

    /// <summary>A span around the whole exchange, so that a refusal and its replay are one trace; null when nobody listens.</summary>
    public static Activity? StartExchange(HttpRequestMessage request)
    {
        if (!Source.HasListeners() || Source.StartActivity("dpop.exchange") is not { } span)
        {
            return null;
        }

        foreach ((string name, object? value) in Server(request))
        {
            span.SetTag(name, value);
        }

        return span;
    }

    /// <summary>A span around an attempt that is not the first; null for the first, or when nobody listens.</summary>
    public static Activity? StartReplay(ReplayReason reason) =>
        reason == ReplayReason.None ? null : Source.StartActivity("dpop.replay")?.SetTag("dpop.replay.reason", NameOf(reason));

    /// <summary>The time at which making a proof begins, see <see cref="Stopwatch.GetTimestamp"/>, if it is measured.</summary>
    public long BeginProof() => _signDuration.Enabled ? Stopwatch.GetTimestamp() : 0;

    public void Proved(HttpRequestMessage request, long began)
    {
        if (began != 0)
        {
            _signDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Server(request));
        }

        if (_proofs.Enabled)
        {
            _proofs.Add(1, Server(request));
        }
    }

    public void Challenged(HttpRequestMessage request, Replay replay)
    {
        string kind = NameOf(replay.Reason);
        Log.Challenged(_logger, Origin.Describe(request.RequestUri), kind);
        Count(_challenges, request, "dpop.challenge.kind", kind);
    }

    public void CannotReplay(HttpRequestMessage request, Replay replay)
    {
        string kind = NameOf(replay.Reason);
        Log.CannotReplay(_logger, Origin.Describe(request.RequestUri), kind);
        Count(_challenges, request, "dpop.challenge.kind", kind);
        Replayed(request, replay.Reason, ReplayOutcome.Impossible);
    }

    public void ClockLearnt(HttpRequestMessage request, TimeSpan offset) => Log.ClockOffsetLearnt(
        _logger, Origin.Describe(request.RequestUri), Math.Abs((long)offset.TotalSeconds), offset > TimeSpan.Zero ? "ahead of" : "behind");

    public void ReplayFailed(HttpRequestMessage request, ReplayReason reason)
    {
        if (reason != ReplayReason.None)
        {
            Replayed(request, reason, ReplayOutcome.Failed);
        }
    }

    /// <summary>Called with the answer to an attempt: a refusal, or null. Counts how a replay ended.</summary>
    public void Replayed(HttpRequestMessage request, Refusal? refusal, in Attempt attempt)
    {
        if (attempt.Reason != ReplayReason.None)
        {
            bool isRefusedAgain = refusal is not null && ReplayDecision.RefusesAgain(refusal, attempt);
            Replayed(request, attempt.Reason, isRefusedAgain ? ReplayOutcome.Refused : refusal is null ? ReplayOutcome.Accepted : ReplayOutcome.RefusedOtherwise);
        }
    }

    private void Replayed(HttpRequestMessage request, ReplayReason reason, ReplayOutcome outcome) =>
        Count(_replays, request, "dpop.replay.reason", NameOf(reason), NameOf(outcome));

    public void RedirectedBelow(Uri uri, OriginState origin)
    {
        if (origin.Reports.IsFirst(nameof(Log.RedirectedBelow)))
        {
            Log.RedirectedBelow(_logger, Origin.Describe(uri));
        }
    }

    /// <summary>Said once for each origin.</summary>
    public void NonceStoreFailed(string host, OriginState origin, Exception failure)
    {
        if (origin.Reports.IsFirst(nameof(Log.NonceStoreFailed)))
        {
            Log.NonceStoreFailed(_logger, failure, host);
        }
    }

    /// <summary>Called with a refusal that is the caller's. One that stays the same is said once for each origin and error.</summary>
    public void HandedBack(HandedBackRefusal refusal, OriginState origin)
    {
        string host = Origin.Describe(refusal.Uri);
        int status = (int)refusal.Refusal.Status;
        if (ReplayDecision.RefusesAgain(refusal.Refusal, refusal.Attempt))
        {
            Log.ReplayRefused(_logger, host, NameOf(refusal.Attempt.Reason), status);
        }

        if (!_logger.IsEnabled(LogLevel.Warning) || refusal.Refusal.Status is not (HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest))
        {
            return;
        }

        ReportAlgorithms(refusal, origin, host);
        string error = ServerText.Clean(refusal.Refusal.Errors.Select(e => e.Code).FirstOrDefault()) ?? "none";
        if (refusal.Refusal.Status == HttpStatusCode.Unauthorized && origin.Reports.IsFirst(string.Create(CultureInfo.InvariantCulture, $"{status} {error}")))
        {
            List<AuthenticationChallenge> challenges = AuthenticationChallenge.ReadAll(refusal.Response);
            string? description = challenges.Select(c => c.Parameters.GetValueOrDefault("error_description")).FirstOrDefault(d => d is not null);
            Log.Refused(_logger, host, status, error, ServerText.Clean(description) ?? "no description", RefusalCause.Of(refusal, challenges));
        }
    }

    public void NotSent(HttpRequestMessage request, DpopException exception)
    {
        Log.NotSent(_logger, Origin.Describe(request.RequestUri), exception.Code);
        Count(_errors, request, "error.type", exception.Code);
    }

    private void ReportAlgorithms(HandedBackRefusal refusal, OriginState origin, string host)
    {
        if (refusal.Response.GetDpopChallenge() is { Algorithms: { Count: > 0 } algorithms } && !algorithms.Contains(refusal.Key.Algorithm)
            && origin.Reports.IsFirst(nameof(Log.AlgorithmNotAccepted)))
        {
            Log.AlgorithmNotAccepted(_logger, host, ServerText.Clean(string.Join(", ", algorithms)) ?? "none", refusal.Key.Algorithm);
        }
    }

    private static void Count(Counter<long> counter, HttpRequestMessage request, string tag, string value, string? outcome = null)
    {
        if (!counter.Enabled)
        {
            return;
        }

        TagList tags = Server(request);
        tags.Add(tag, value);
        if (outcome is not null)
        {
            tags.Add("dpop.replay.outcome", outcome);
        }

        counter.Add(1, tags);
    }

    private static string NameOf(ReplayReason reason) => reason switch
    {
        ReplayReason.Nonce => "nonce",
        ReplayReason.Clock => "clock",
        ReplayReason.Token => "token",
        _ => "expectation",
    };

    private static string NameOf(ReplayOutcome outcome) => outcome switch
    {
        ReplayOutcome.Accepted => "accepted",
        ReplayOutcome.Refused => "refused",
        ReplayOutcome.RefusedOtherwise => "refused_otherwise",
        ReplayOutcome.Failed => "failed",
        _ => "impossible",
    };

    private static TagList Server(HttpRequestMessage request)
    {
        TagList tags = new() { { "http.request.method", Method(request.Method) } };
        if (request.RequestUri is { IsAbsoluteUri: true } uri)
        {
            Origin origin = Origin.Of(uri);
            tags.Add("server.address", origin.Host);
            tags.Add("server.port", origin.Port);
        }

        return tags;
    }

    /// <summary>Methods that the conventions do not know are one value, so that a caller cannot make any number of series.</summary>
    private static string Method(HttpMethod method) => MethodOnTheWire.Of(method) switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "TRACE" or "CONNECT" => method.Method.ToUpperInvariant(),
        _ => "_OTHER",
    };
}
