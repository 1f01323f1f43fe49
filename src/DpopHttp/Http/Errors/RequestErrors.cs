namespace DpopHttp.Http.Errors;

/// <summary>Every <see cref="DpopException"/> about a request: what was found, which rule, what to do.</summary>
internal static class RequestErrors
{
    public static DpopException InsecureTransport(Uri uri) => new(
        DpopErrorCodes.InsecureTransport,
        $"The request goes to {Describe(uri)} without TLS. Tokens and proofs travel over https, or to a loopback host. "
        + $"Use https, or set {nameof(DpopOptions)}.{nameof(DpopOptions.AllowInsecureHttp)} inside a network that you trust.");

    public static DpopException InsecureProxy(Uri uri, Uri proxy) => new(
        DpopErrorCodes.InsecureTransport,
        $"The request goes to {Describe(uri)} without TLS, and the proxy {Describe(proxy)} stands before it, which would see the token and the proof. "
        + "A loopback host is exempt from https only while no proxy is used for it. Exclude the host from the proxy (the environment variable no_proxy, or "
        + $"SocketsHttpHandler.UseProxy = false), use https, or set {nameof(DpopOptions)}.{nameof(DpopOptions.AllowInsecureHttp)}.");

    public static DpopException OriginNotAllowed(Uri uri) => new(
        DpopErrorCodes.OriginNotAllowed,
        $"The request goes to {Describe(uri)}. {nameof(DpopOptions)}.{nameof(DpopOptions.AllowedOrigins)} does not list that origin. "
        + "Correct the request's URI, or add the origin.");

    public static DpopException InvalidRequestUri(Uri? uri) => new(
        DpopErrorCodes.InvalidRequestUri,
        (uri is null ? "The request has no URI. " : "The request's URI is relative, or its scheme is not http, https, ws or wss. ")
        + "A proof names the absolute URI that it is for (RFC 9449 section 4.2). Set HttpClient.BaseAddress, or give the request an absolute URI.");

    public static DpopException InvalidAccessToken(string what) => new(
        DpopErrorCodes.InvalidAccessToken,
        $"The Authorization header {what}. A proof must hash the one token that is sent (RFC 9449 section 7). "
        + "Set the header once, as the scheme, a space and the token.");

    public static DpopException BearerRejected() => new(
        DpopErrorCodes.BearerRejected,
        $"The Authorization header's scheme is Bearer. {nameof(DpopOptions)}.{nameof(DpopOptions.BearerTokens)} is {nameof(BearerTokenHandling.Reject)}. "
        + $"Send the token with the scheme DPoP, or set {nameof(BearerTokenHandling.Upgrade)} or {nameof(BearerTokenHandling.Allow)}.");

    public static DpopException KeyMismatch(string tokenThumbprint, string keyThumbprint) => new(
        DpopErrorCodes.KeyMismatch,
        $"The access token is bound to the key {tokenThumbprint}, but this client signs with {keyThumbprint}. "
        + "A token is good only with the key that it was asked for with (RFC 9449 section 6). "
        + "Give the client that key, or get a new token with this one.");

    public static DpopException RequestInUse() => new(
        DpopErrorCodes.RequestInUse,
        "The request is being sent by another attempt at the same time. A request message is for one send at a time, and each attempt needs a proof "
        + "of its own (RFC 9449 section 11.1). Give each attempt a message of its own: for hedging, AddStandardHedgingHandler does.");

    public static DpopException PrimaryHandlerInUse(HttpMessageHandler primary, Exception cause) => new(
        DpopErrorCodes.PrimaryHandlerInUse,
        $"The primary {primary.GetType().Name} follows redirects and has sent requests before. It would carry a proof to places that it was not "
        + "made for. Set AllowAutoRedirect = false on it before its first use, or give this client a primary handler of its own.",
        cause);

    /// <summary>Scheme, host and port: never user information, path or query.</summary>
    private static string Describe(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
}
