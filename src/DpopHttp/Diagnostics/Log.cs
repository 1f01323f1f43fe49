using Microsoft.Extensions.Logging;

namespace DpopHttp;

/// <summary>What the library logs. Never a key, token, proof, nonce or query string; a thumbprint is public.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Made a new {Algorithm} key with thumbprint {Thumbprint} for client '{Client}'. It lives as long as this process: tokens bound to it must not outlive it. Set DpopOptions.KeyFile to keep one.", EventName = "KeyMade")]
    public static partial void KeyMade(ILogger logger, string algorithm, string thumbprint, string client);

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

    [LoggerMessage(7, LogLevel.Information, "Opened the {Algorithm} key with thumbprint {Thumbprint} in {Path}.", EventName = "KeyFileOpened")]
    public static partial void KeyFileOpened(ILogger logger, string algorithm, string thumbprint, string path);

    [LoggerMessage(8, LogLevel.Information, "The client '{Client}' signs with the key {Thumbprint} from now on, and no longer with {Former}. Tokens bound to the former key are not sent with the new one.", EventName = "KeyChanged")]
    public static partial void KeyChanged(ILogger logger, string client, string former, string thumbprint);

    [LoggerMessage(9, LogLevel.Error, "The client '{Client}' cannot have the key that its options name now. It goes on with the key {Thumbprint}.", EventName = "KeyChangeFailed")]
    public static partial void KeyChangeFailed(ILogger logger, Exception exception, string client, string thumbprint);

    [LoggerMessage(10, LogLevel.Warning, "{Host} takes proofs signed with {Algorithms}, and this client's key is for {Algorithm}: set KeyAlgorithm, or use a key for one of these.", EventName = "AlgorithmNotAccepted")]
    public static partial void AlgorithmNotAccepted(ILogger logger, string host, string algorithms, string algorithm);
}
