using Microsoft.Extensions.Logging;

namespace DpopHttp.AspNetCore;

/// <summary>What the library logs. Never a token, proof, nonce, secret or query string; thumbprints are public.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Scheme} refused a request by the check {Reason} ({Section}): {Description}{Hint} Key {Thumbprint}, token bound to {BoundThumbprint}. {Suppressed} more like it were not logged.", EventName = "Refused")]
    public static partial void Refused(ILogger logger, string scheme, string reason, string? section, string? description, string hint, string thumbprint, string boundThumbprint, long suppressed);

    [LoggerMessage(2, LogLevel.Debug, "{Scheme} asked a client for a proof with a nonce: {Description}", EventName = "NonceDemanded")]
    public static partial void NonceDemanded(ILogger logger, string scheme, string? description);

    [LoggerMessage(3, LogLevel.Error, "{Scheme} could not ask the replay store whether a proof was used before; the request is {Outcome}. {Suppressed} more like it were not logged.", EventName = "ReplayStoreFailed")]
    public static partial void ReplayStoreFailed(ILogger logger, Exception exception, string scheme, string outcome, long suppressed);

    [LoggerMessage(4, LogLevel.Error, "The new DPoP options of the scheme '{Scheme}' have faults. Those from before stay in force.", EventName = "OptionsRefused")]
    public static partial void OptionsRefused(ILogger logger, Exception exception, string scheme);
}
