namespace DpopHttp.Tool.Output;

/// <summary>What is said of an exception: the outer message says what failed, and the inner one often why.</summary>
internal static class ErrorText
{
    public static string Of(Exception exception) => exception switch
    {
        DpopException { Code: DpopErrorCodes.InsecureTransport } => exception.Message.Replace(
            $"set {nameof(DpopOptions)}.{nameof(DpopOptions.AllowInsecureHttp)}", "give --insecure-http", StringComparison.Ordinal),
        ToolException or DpopException => exception.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner } =>
            $"There is no TLS connection with the server. {inner.Message} --cacert trusts an authority of your own.",
        HttpRequestException { InnerException: { } inner } when !exception.Message.Contains(inner.Message, StringComparison.Ordinal) =>
            $"{exception.Message} {inner.Message}",
        _ => exception.Message,
    };
}
