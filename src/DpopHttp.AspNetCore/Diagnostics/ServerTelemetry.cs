using System.Diagnostics;
using System.Diagnostics.Metrics;
using DpopHttp.Verification;
using Microsoft.Extensions.Logging;

namespace DpopHttp.AspNetCore;

/// <summary>Counts and logs what became of requests. All tags have few values, whatever clients send.</summary>
internal sealed class ServerTelemetry
{
    public const string MeterName = "DpopHttp";
    public const string LogCategory = "DpopHttp.AspNetCore";

    /// <summary>The thumbprint of a proof that could not be read, or wasn't looked at.</summary>
    private const string Unknown = "unknown";

    private readonly ILogger _logger;
    private readonly LogLimiter _limiter;
    private readonly Counter<long> _validations;
    private readonly Histogram<double> _duration;

    public ServerTelemetry(ILoggerFactory loggers, IMeterFactory meters, TimeProvider timeProvider)
    {
        _logger = loggers.CreateLogger(LogCategory);
        _limiter = new LogLimiter(timeProvider);
        Meter meter = meters.Create(MeterName);
        _validations = meter.CreateCounter<long>("dpop.server.validations", "{request}", "Requests with an access token, by check and outcome.");
        _duration = meter.CreateHistogram<double>("dpop.server.validation.duration", "s", "Time to verify a proof, with the replay store.");
    }

    /// <summary>Called with the time at which verifying began, see <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public void Verified(string scheme, DpopProofResult result, long began)
    {
        if (_duration.Enabled)
        {
            string outcome = result.IsValid ? "accepted" : "refused";
            _duration.Record(
                Stopwatch.GetElapsedTime(began).TotalSeconds, new("aspnetcore.authentication.scheme", scheme), new("dpop.outcome", outcome));
        }
    }

    public void Completed(DpopValidation validation)
    {
        if (_validations.Enabled)
        {
            _validations.Add(1, new TagList
            {
                { "aspnetcore.authentication.scheme", validation.Scheme },
                { "dpop.check", validation.Reason ?? "none" },
                { "dpop.outcome", OutcomeOf(validation) },
                { "dpop.token_type", validation.CredentialKind is CredentialKind.Dpop or CredentialKind.Ambiguous ? "DPoP" : "Bearer" },
            });
        }

        if (validation.Error == DpopErrors.UseNonce)
        {
            Log.NonceDemanded(_logger, validation.Scheme, validation.Description);
        }
        else if (validation.Reason is { } reason and not (DpopRefusalReasons.ReplayStore or DpopRefusalReasons.AccessToken)
            && _logger.IsEnabled(LogLevel.Warning)
            && _limiter.Enter(reason) is { } suppressed)
        {
            DpopProofResult? proof = validation.Proof;
            Log.Refused(
                _logger,
                validation.Scheme,
                reason,
                validation.Section,
                validation.Description,
                UriHint.For(proof) is { Length: > 0 } hint ? $" {hint}" : "",
                proof?.Thumbprint ?? Unknown,
                proof?.BoundThumbprint ?? Unknown,
                suppressed);
        }
    }

    public void ReplayStoreFailed(string scheme, Exception exception, DpopReplayFailure handling)
    {
        if (_limiter.Enter(DpopRefusalReasons.ReplayStore) is { } suppressed)
        {
            Log.ReplayStoreFailed(_logger, exception, scheme, handling == DpopReplayFailure.Refuse ? "refused with 503" : "accepted", suppressed);
        }
    }

    private static string OutcomeOf(DpopValidation validation) => validation switch
    {
        { Reason: null } => "accepted",
        { Reason: DpopRefusalReasons.ReplayStore } => "unavailable",
        { Error: DpopErrors.UseNonce } => "challenged",
        _ => "refused",
    };
}
