using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using DpopHttp.Http;
using DpopHttp.Http.Challenges;
using DpopHttp.Nonces;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DpopHttp;

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

    /// <summary>Called with the time at which making the proof began, see <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public void Proved(HttpRequestMessage request, long began)
    {
        if (_signDuration.Enabled)
        {
            _signDuration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, Server(request));
        }

        if (_proofs.Enabled)
        {
            _proofs.Add(1, Server(request));
        }
    }

    public void Challenged(HttpRequestMessage request, Challenge challenge)
    {
        string kind = NameOf(challenge.Reason);
        Log.Challenged(_logger, request.RequestUri!.IdnHost, kind);
        if (challenge.Reason == ReplayReasons.Clock)
        {
            Log.ClockOffsetLearnt(_logger, request.RequestUri!.IdnHost, (long)challenge.ClockOffset.TotalSeconds);
        }

        Count(_challenges, request, "dpop.challenge.kind", kind);
    }

    public void CannotReplay(HttpRequestMessage request, Challenge challenge)
    {
        string kind = NameOf(challenge.Reason);
        Log.CannotReplay(_logger, request.RequestUri!.IdnHost, kind);
        Count(_challenges, request, "dpop.challenge.kind", kind);
        Count(_replays, request, "dpop.replay.reason", kind, "impossible");
    }

    /// <summary>An activity around an attempt that is not the first; null for the first, or when nobody listens.</summary>
    public static Activity? StartReplay(ReplayReasons reason) =>
        reason == ReplayReasons.None ? null : Source.StartActivity("dpop.replay")?.SetTag("dpop.replay.reason", NameOf(reason));

    /// <summary>Called with an attempt's status, or null when it ended in an exception, and with what led to the attempt.</summary>
    public void Answered(HttpRequestMessage request, ReplayReasons reason, HttpStatusCode? status)
    {
        if (reason == ReplayReasons.None)
        {
            return;
        }

        bool refused = status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest;
        if (refused)
        {
            Log.ReplayRefused(_logger, request.RequestUri!.IdnHost, NameOf(reason), (int)status!);
        }

        Count(_replays, request, "dpop.replay.reason", NameOf(reason), status is null ? "failed" : refused ? "refused" : "accepted");
    }

    /// <summary>Called with an answer that is the caller's. One that names algorithms without ours will not change by itself.</summary>
    public void HandedBack(HttpRequestMessage request, HttpResponseMessage response, DpopKey key)
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest))
        {
            return;
        }

        foreach (DpopChallenge challenge in response.DpopChallenges())
        {
            if (challenge.Algorithms.Count > 0 && !challenge.Algorithms.Contains(key.Algorithm))
            {
                Log.AlgorithmNotAccepted(_logger, request.RequestUri!.IdnHost, string.Join(", ", challenge.Algorithms), key.Algorithm);
            }
        }
    }

    public void NotSent(HttpRequestMessage request, DpopException exception)
    {
        Log.NotSent(_logger, request.RequestUri is { IsAbsoluteUri: true } uri ? uri.IdnHost : "", exception.Code);
        Count(_errors, request, "error.type", exception.Code);
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

    private static string NameOf(ReplayReasons reason) => reason switch
    {
        ReplayReasons.Nonce => "nonce",
        ReplayReasons.Clock => "clock",
        ReplayReasons.Token => "token",
        _ => "expectation",
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
    private static string Method(HttpMethod method) => DpopProof.MethodOnTheWire(method) switch
    {
        "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE" or "OPTIONS" or "TRACE" or "CONNECT" => method.Method.ToUpperInvariant(),
        _ => "_OTHER",
    };
}
