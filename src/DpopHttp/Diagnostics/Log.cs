using Microsoft.Extensions.Logging;

namespace DpopHttp;

/// <summary>What the library logs. Never a key, token, proof, nonce or query string; a thumbprint is public.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Made a new {Algorithm} key with thumbprint {Thumbprint} for client '{Client}'. It lives as long as this process: tokens bound to it must not outlive it. Set DpopOptions.Key to keep one.", EventName = "KeyMade")]
    public static partial void KeyMade(ILogger logger, string algorithm, string thumbprint, string client);

    [LoggerMessage(2, LogLevel.Debug, "{Host} answered with a {Kind} challenge; the request is sent once more.", EventName = "Challenged")]
    public static partial void Challenged(ILogger logger, string host, string kind);

    [LoggerMessage(3, LogLevel.Warning, "{Host} refused the replay after a {Kind} challenge with status {Status}; its answer is handed back.", EventName = "ReplayRefused")]
    public static partial void ReplayRefused(ILogger logger, string host, string kind, int status);

    [LoggerMessage(4, LogLevel.Error, "A request to {Host} was not sent: {Code}.", EventName = "NotSent")]
    public static partial void NotSent(ILogger logger, string host, string code);
}
