namespace DpopHttp;

/// <summary>A client has no token for a request. Nothing was sent to the API.</summary>
/// <remarks>Its message has the server's own error, and never a token, a secret or an assertion.</remarks>
public class DpopTokenException : DpopException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">One of <see cref="DpopTokenErrorCodes"/>.</param>
    /// <param name="message">What was found, which rule it breaks, and what to do.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public DpopTokenException(string code, string message, Exception? innerException = null)
        : base(code, message, innerException)
    {
    }

    /// <summary>The server's <c>error</c> (RFC 6749 section 5.2), such as <c>invalid_client</c>; null if it gave none.</summary>
    public string? Error { get; init; }

    /// <summary>The server's <c>error_description</c>, or null. It is the server's text: do not show it to users unescaped.</summary>
    public string? ErrorDescription { get; init; }

    /// <summary>Whether the server wasn't asked, because of something on this side that the next call may find mended.</summary>
    internal bool IsBeforeRequest { get; init; }
}
