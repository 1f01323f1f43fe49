using Microsoft.Extensions.Logging;

namespace DpopHttp.KeyRing;

/// <summary>What is logged about keys and options. Never a key, a passphrase or a token; a thumbprint is public.</summary>
internal static partial class KeyLog
{
    [LoggerMessage(1, LogLevel.Information, "Made a new {Algorithm} key with thumbprint {Thumbprint} for '{Name}'. The key lives as long as this process: tokens bound to it must not outlive it. Set DpopOptions.KeyFile to keep one.", EventName = "KeyMade")]
    public static partial void KeyMade(ILogger logger, string algorithm, string thumbprint, string name);

    [LoggerMessage(7, LogLevel.Information, "Opened the {Algorithm} key with thumbprint {Thumbprint} in {Path}.", EventName = "KeyFileOpened")]
    public static partial void KeyFileOpened(ILogger logger, string algorithm, string thumbprint, string path);

    [LoggerMessage(8, LogLevel.Information, "The key of '{Name}' is {Thumbprint} from now on, and no longer {Former}. Tokens bound to the former key aren't sent with the new one.", EventName = "KeyChanged")]
    public static partial void KeyChanged(ILogger logger, string name, string former, string thumbprint);

    [LoggerMessage(9, LogLevel.Error, "The new options of '{Name}' aren't in force, because the key that they name can't be used. '{Name}' goes on with its former options and the key {Thumbprint}. {Reason}", EventName = "KeyChangeFailed")]
    public static partial void KeyChangeFailed(ILogger logger, Exception exception, string name, string thumbprint, string reason);

    [LoggerMessage(11, LogLevel.Information, "Made a new {Algorithm} key with thumbprint {Thumbprint} in {Path}.", EventName = "KeyFileMade")]
    public static partial void KeyFileMade(ILogger logger, string algorithm, string thumbprint, string path);

    [LoggerMessage(12, LogLevel.Error, "The new options of '{Name}' aren't in force, because they have faults. '{Name}' goes on with its former options. {Reason}", EventName = "OptionsRefused")]
    public static partial void OptionsRefused(ILogger logger, Exception exception, string name, string reason);

    [LoggerMessage(13, LogLevel.Warning, "'{Name}' and '{Other}' were each given a key of their own by DpopKey.Generate(). A token that one of them gets is bound to its key, and the other can't use it. If they share tokens, define one key with AddDpopKey, and set DpopOptions.KeyName of both to its name. If they don't, leave DpopOptions.Key unset: each client then has a key of its own.", EventName = "GeneratedKeysDiffer")]
    public static partial void GeneratedKeysDiffer(ILogger logger, string name, string other);
}
