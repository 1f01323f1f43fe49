using Microsoft.Extensions.Logging;

namespace DpopHttp.Http.Diagnostics;

/// <summary>What the handler logs. Never a key, token, proof, nonce or query string; a thumbprint is public.</summary>
internal static partial class Log
{
    [LoggerMessage(2, LogLevel.Debug, "{Host} asked for another proof ({Reason}); the request is sent once more.", EventName = "Challenged")]
    public static partial void Challenged(ILogger logger, string host, string reason);

    [LoggerMessage(3, LogLevel.Warning, "{Host} refused the second attempt ({Reason}) with status {Status}; its answer is handed back.", EventName = "ReplayRefused")]
    public static partial void ReplayRefused(ILogger logger, string host, string reason, int status);

    [LoggerMessage(4, LogLevel.Error, "A request to {Host} was not sent: {Code}.", EventName = "NotSent")]
    public static partial void NotSent(ILogger logger, string host, string code);

    [LoggerMessage(5, LogLevel.Warning, "{Host} asked for another proof ({Reason}), but too much of the request's body was read to send it again; the answer is handed back. Use a body that can be read again, give the request a factory by SetDpopContentFactory, or, for the whole client, set ReplayBufferLimit or ProbeBeforeUpload.", EventName = "CannotReplay")]
    public static partial void CannotReplay(ILogger logger, string host, string reason);

    [LoggerMessage(6, LogLevel.Warning, "The clock of {Host} is {Seconds} s {Direction} ours. Proofs for it follow its clock for now; set the clock of this machine.", EventName = "ClockOffsetLearnt")]
    public static partial void ClockOffsetLearnt(ILogger logger, string host, long seconds, string direction);

    [LoggerMessage(10, LogLevel.Warning, "{Host} takes proofs signed with {Algorithms}, and this client's key is for {Algorithm}: set KeyAlgorithm, or use a key for one of these.", EventName = "AlgorithmNotAccepted")]
    public static partial void AlgorithmNotAccepted(ILogger logger, string host, string algorithms, string algorithm);

    [LoggerMessage(11, LogLevel.Warning, "{Host} refused a request with status {Status}, error '{Error}' ({Description}). {Cause} Further refusals with this error are not logged.", EventName = "Refused")]
    public static partial void Refused(ILogger logger, string host, int status, string error, string description, string cause);

    [LoggerMessage(12, LogLevel.Warning, "A handler below sent a request for {Host} to another URI, with the proof for the first one, which does not fit there (htu). If it follows redirects, turn that off: the DPoP handler follows them with a proof for each. If it rewrites URIs, let that happen outside of the DPoP handler.", EventName = "RedirectedBelow")]
    public static partial void RedirectedBelow(ILogger logger, string host);
}
