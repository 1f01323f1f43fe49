namespace DpopHttp;

/// <summary>How a client gets tokens from a source of the application's own.</summary>
public class DpopTokenSourceOptions
{
    /// <summary>
    /// Gets a token: by a token exchange, on behalf of a user, by a grant of the server's own. Required. It is called when there is none, shortly before the one that is there expires, and when the API
    /// has refused it; once at a time for each key and each <see cref="DpopTokenParameters"/> however many requests wait. Its token of cancellation is cancelled after a minute, and not when
    /// a request is. What it throws reaches the caller: a <see cref="DpopException"/> as it is, anything else inside of one with <see cref="DpopTokenErrorCodes.TokenUnavailable"/>.
    /// </summary>
    public Func<DpopTokenContext, CancellationToken, ValueTask<DpopTokenResponse>>? GetToken { get; set; }
}
