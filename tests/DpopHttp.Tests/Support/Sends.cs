namespace DpopHttp.Tests.Support;

/// <summary>Sends through Send or SendAsync, so that one test covers both.</summary>
internal static class Sends
{
    public static Task<HttpResponseMessage> SendAsync(this HttpMessageInvoker invoker, HttpRequestMessage request, bool async, CancellationToken cancellationToken = default) =>
        async
            ? invoker.SendAsync(request, cancellationToken)
            : Task.Run(() => invoker.Send(request, cancellationToken), CancellationToken.None);

    public static Task<HttpResponseMessage> GetAsync(this HttpMessageInvoker invoker, Uri uri, bool async, string? authorization = null)
    {
        HttpRequestMessage request = new(HttpMethod.Get, uri);
        if (authorization is not null)
        {
            request.Headers.Add("Authorization", authorization);
        }

        return invoker.SendAsync(request, async);
    }

    public static HttpMessageInvoker Invoker(this DpopKey key, HttpMessageHandler inner, DpopOptions? options = null) =>
        new(new DpopHandler(key, options ?? new DpopOptions()) { InnerHandler = inner });

    /// <summary>A client over real sockets.</summary>
    public static HttpClient Client(this DpopKey key, DpopOptions? options = null, SocketsHttpHandler? primary = null) =>
        new(new DpopHandler(key, options ?? new DpopOptions()) { InnerHandler = primary ?? new SocketsHttpHandler() });
}
