using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using DpopHttp.Nonces;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DpopHttp;

/// <summary>Counts and logs what the handler does. Tags follow OpenTelemetry's conventions for HTTP.</summary>
internal sealed class Telemetry
{
    public const string Name = "DpopHttp";

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
        _challenges = meter.CreateCounter<long>("dpop.client.challenges", "{challenge}", "Challenges that were answered with a replay.");
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

    public void Challenged(HttpRequestMessage request, string kind)
    {
        Log.Challenged(_logger, request.RequestUri!.IdnHost, kind);
        if (_challenges.Enabled)
        {
            TagList tags = Server(request);
            tags.Add("dpop.challenge.kind", kind);
            _challenges.Add(1, tags);
        }
    }

    /// <summary>Called with the replay's status, or null when it ended in an exception.</summary>
    public void Replayed(HttpRequestMessage request, string reason, HttpStatusCode? status)
    {
        bool refused = status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest;
        if (refused)
        {
            Log.ReplayRefused(_logger, request.RequestUri!.IdnHost, reason, (int)status!);
        }

        if (_replays.Enabled)
        {
            TagList tags = Server(request);
            tags.Add("dpop.replay.reason", reason);
            tags.Add("dpop.replay.outcome", status is null ? "failed" : refused ? "refused" : "accepted");
            _replays.Add(1, tags);
        }
    }

    public void NotSent(HttpRequestMessage request, DpopException exception)
    {
        Log.NotSent(_logger, request.RequestUri is { IsAbsoluteUri: true } uri ? uri.IdnHost : "", exception.Code);
        if (_errors.Enabled)
        {
            TagList tags = Server(request);
            tags.Add("error.type", exception.Code);
            _errors.Add(1, tags);
        }
    }

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
