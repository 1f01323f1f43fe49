namespace DpopHttp;

/// <summary>
/// DPoP could not be applied to a request, or a key could not be used. Nothing was sent, but for an attempt that the server refused and that was
/// to be made again.
/// </summary>
/// <remarks>
/// The message says what was found, which rule it breaks and what to do; it never contains a key, a token, a proof or a nonce.
/// It isn't an <see cref="HttpRequestException"/>: resilience handlers retry those, and trying again wouldn't help here.
/// <see cref="Exception.HelpLink"/> leads to the entry of the code in docs/troubleshooting.md, where the package says which repository it is from.
/// </remarks>
public class DpopException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">One of <see cref="DpopErrorCodes"/>.</param>
    /// <param name="message">What was found, which rule it breaks, and what to do.</param>
    /// <param name="innerException">The cause, if another exception was.</param>
    public DpopException(string code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ArgumentException.ThrowIfNullOrEmpty(code);
        Code = code;
        HelpLink = TroubleshootingPage.LinkTo(code);
    }

    /// <summary>What went wrong, in a form for programs: one of <see cref="DpopErrorCodes"/>.</summary>
    public string Code { get; }
}
