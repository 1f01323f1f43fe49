using Microsoft.Extensions.Logging;

namespace DpopHttp;

/// <summary>What the library logs. Never a key, token, proof, nonce or query string; a thumbprint is public.</summary>
internal static partial class Log
{
    [LoggerMessage(2, LogLevel.Debug, "{Host} asked for another proof ({Reason}); the request is sent once more.", EventName = "Challenged")]
    public static partial void Challenged(ILogger logger, string host, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Host} refused the second attempt ({Reason}) with status {Status}; its answer is handed back.", EventName = "ReplayRefused")]
    public static partial void ReplayRefused(ILogger logger, string host, string reason, int status);

    [LoggerMessage(4, LogLevel.Error, "A request to {Host} was not sent: {Code}.", EventName = "NotSent")]
    public static partial void NotSent(ILogger logger, string host, string code);

    [LoggerMessage(5, LogLevel.Warning, "{Host} asked for another proof ({Reason}), but the request's body has begun to be sent and cannot be sent again; the answer is handed back. Give the request a body that can be read again, or a factory by SetDpopContentFactory.", EventName = "CannotReplay")]
    public static partial void CannotReplay(ILogger logger, string host, string reason);

    [LoggerMessage(6, LogLevel.Warning, "The clock of {Host} is {Seconds} s ahead of ours. Proofs for it follow its clock; set the clock of this machine.", EventName = "ClockOffsetLearnt")]
    public static partial void ClockOffsetLearnt(ILogger logger, string host, long seconds);

    [LoggerMessage(10, LogLevel.Warning, "{Host} takes proofs signed with {Algorithms}, and this client's key is for {Algorithm}: set KeyAlgorithm, or use a key for one of these.", EventName = "AlgorithmNotAccepted")]
    public static partial void AlgorithmNotAccepted(ILogger logger, string host, string algorithms, string algorithm);
}
