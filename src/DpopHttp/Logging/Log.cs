using Microsoft.Extensions.Logging;

namespace DpopHttp.Logging;

/// <summary>What the handler and the key ring log. Never a key, passphrase, token, proof, nonce or query string; a thumbprint is public.</summary>
/// <remarks>It is one class because the generator writes several in an order that differs between builds, and packages of one commit are to be the same.</remarks>
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

    [LoggerMessage(16, LogLevel.Warning, "The store of nonces failed for {Host}. The call goes on without it. A store that throws or takes longer than a second isn't asked for 30 seconds. Further failures for this host are not logged.", EventName = "NonceStoreFailed")]
    public static partial void NonceStoreFailed(ILogger logger, Exception exception, string host);

    [LoggerMessage(1, LogLevel.Information, "Made a new {Algorithm} key with thumbprint {Thumbprint} for '{Name}'. The key lives as long as this process: tokens bound to it must not outlive it. Set DpopOptions.KeyFile to keep one.", EventName = "KeyMade")]
    public static partial void KeyMade(ILogger logger, string algorithm, string thumbprint, string name);

    [LoggerMessage(7, LogLevel.Information, "Opened the {Algorithm} key with thumbprint {Thumbprint} in {Path}.", EventName = "KeyFileOpened")]
    public static partial void KeyFileOpened(ILogger logger, string algorithm, string thumbprint, string path);

    [LoggerMessage(8, LogLevel.Information, "The key of '{Name}' is {Thumbprint} from now on, and no longer {Former}. Tokens bound to the former key aren't sent with the new one.", EventName = "KeyChanged")]
    public static partial void KeyChanged(ILogger logger, string name, string former, string thumbprint);

    [LoggerMessage(9, LogLevel.Error, "The new options of '{Name}' aren't in force, because the key that they name can't be used. '{Name}' goes on with its former options and the key {Thumbprint}. {Reason}", EventName = "KeyChangeFailed")]
    public static partial void KeyChangeFailed(ILogger logger, Exception exception, string name, string thumbprint, string reason);

    [LoggerMessage(14, LogLevel.Information, "Made a new {Algorithm} key with thumbprint {Thumbprint} in {Path}.", EventName = "KeyFileMade")]
    public static partial void KeyFileMade(ILogger logger, string algorithm, string thumbprint, string path);

    [LoggerMessage(15, LogLevel.Error, "The new options of '{Name}' aren't in force, because they have faults. '{Name}' goes on with its former options. {Reason}", EventName = "OptionsRefused")]
    public static partial void OptionsRefused(ILogger logger, Exception exception, string name, string reason);

    [LoggerMessage(13, LogLevel.Warning, "'{Name}' and '{Other}' were each given a key of their own by DpopKey.Generate(). A token that one of them gets is bound to its key, and the other can't use it. If they share tokens, define one key with AddDpopKey, and set DpopOptions.KeyName of both to its name. If they don't, leave DpopOptions.Key unset: each client then has a key of its own.", EventName = "GeneratedKeysDiffer")]
    public static partial void GeneratedKeysDiffer(ILogger logger, string name, string other);
}
