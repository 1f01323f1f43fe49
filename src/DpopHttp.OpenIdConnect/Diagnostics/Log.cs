using Microsoft.Extensions.Logging;

namespace DpopHttp.OpenIdConnect.Diagnostics;

/// <summary>What the library logs about users' sessions. Never a token, a key, a secret or a session's identifier.</summary>
internal static partial class Log
{
    [LoggerMessage(301, LogLevel.Debug, "Renewed a user's token for the scheme '{Scheme}', bound to the key {Thumbprint}, until {ExpiresAt}.", EventName = "UserTokenRenewed")]
    public static partial void Renewed(ILogger logger, string scheme, string thumbprint, DateTimeOffset expiresAt);

    [LoggerMessage(302, LogLevel.Warning, "A user's token for the scheme '{Scheme}' could not be renewed: {Reason}", EventName = "UserTokenNotRenewed")]
    public static partial void NotRenewed(ILogger logger, string scheme, string reason);

    [LoggerMessage(303, LogLevel.Warning, "The session store of the scheme '{Scheme}' has no lock. Where several instances share it, two of them may use one refresh token at once, and servers often end the session then. Override DpopSessionStore.LockAsync, or give UseDistributedCache a lock. This is logged once.", EventName = "SessionStoreWithoutLock")]
    public static partial void NoLock(ILogger logger, string scheme);

    [LoggerMessage(304, LogLevel.Warning, "The session store of the scheme '{Scheme}' failed.", EventName = "SessionStoreFailed")]
    public static partial void StoreFailed(ILogger logger, Exception exception, string scheme);

    [LoggerMessage(305, LogLevel.Warning, "The refresh token of a session of the scheme '{Scheme}' could not be revoked at sign-out: {Reason}", EventName = "RevocationFailed")]
    public static partial void NotRevoked(ILogger logger, string scheme, string reason);

    [LoggerMessage(306, LogLevel.Warning, "A request of the client '{Client}' came with an Authorization header, so that the user's token was not put on it. Remove the header, such as from DefaultRequestHeaders, if it isn't meant. This is logged once.", EventName = "OwnAuthorization")]
    public static partial void OwnAuthorization(ILogger logger, string client);

    [LoggerMessage(307, LogLevel.Warning, "An API refused the user's token of the client '{Client}', and there is no other. The refusal is handed back.", EventName = "UserTokenNotReplaced")]
    public static partial void NotReplaced(ILogger logger, Exception? exception, string client);
}
