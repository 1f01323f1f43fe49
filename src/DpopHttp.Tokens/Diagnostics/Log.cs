using Microsoft.Extensions.Logging;

namespace DpopHttp.Tokens.Diagnostics;

/// <summary>What the library logs about tokens. Never a token, a secret or an assertion.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Debug, "Got a token for the client '{Client}', bound to the key {Thumbprint}, until {ExpiresAt}.", EventName = "TokenObtained")]
    public static partial void TokenObtained(ILogger logger, string client, string thumbprint, DateTimeOffset expiresAt);

    [LoggerMessage(102, LogLevel.Warning, "The token of the client '{Client}' could not be renewed. It goes on being used until {ExpiresAt}.", EventName = "RenewalFailed")]
    public static partial void RenewalFailed(ILogger logger, Exception exception, string client, DateTimeOffset expiresAt);

    [LoggerMessage(103, LogLevel.Warning, "The API refused the token of the client '{Client}', and there is no other. The refusal is handed back.", EventName = "ReplacementFailed")]
    public static partial void ReplacementFailed(ILogger logger, Exception exception, string client);

    [LoggerMessage(104, LogLevel.Warning, "The cache that instances share tokens in failed. It costs token requests.", EventName = "CacheFailed")]
    public static partial void CacheFailed(ILogger logger, Exception exception);

    [LoggerMessage(105, LogLevel.Warning, "The API refused the token of the client '{Client}' shortly after it was renewed, or after that had failed. No other is asked for at this time; the refusal is handed back.", EventName = "ReplacementPaused")]
    public static partial void ReplacementPaused(ILogger logger, string client);

    [LoggerMessage(106, LogLevel.Warning, "A request of the client '{Client}' came with an Authorization header, so that the client's own token was not put on it. Remove the header, such as from DefaultRequestHeaders, if it isn't meant. This is logged once.", EventName = "OwnAuthorization")]
    public static partial void OwnAuthorization(ILogger logger, string client);

    [LoggerMessage(107, LogLevel.Error, "The new token options of the client '{Client}' are not valid. Those from before stay in force.", EventName = "OptionsRefused")]
    public static partial void OptionsRefused(ILogger logger, Exception exception, string client);

    [LoggerMessage(108, LogLevel.Warning, "The lock of the refresh token of the client '{Client}' could not be given back. What was done under it is done.", EventName = "RefreshTokenLockFailed")]
    public static partial void RefreshTokenLockFailed(ILogger logger, Exception exception, string client);
}
