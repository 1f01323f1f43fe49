namespace DpopHttp.Tests.Support;

/// <summary>Sends through Send or SendAsync, so that one test covers both.</summary>
internal static class Sends
{
    public static Task<HttpResponseMessage> SendAsync(this HttpMessageInvoker invoker, HttpRequestMessage request, bool async, CancellationToken cancellationToken = default) =>
        async
            ? invoker.SendAsync(request, cancellationToken)
            : OnThreadOfItsOwn(() => invoker.Send(request, cancellationToken));

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

    /// <summary>A blocked thread of the pool would be missing for the server, which runs in this process too.</summary>
    private static Task<T> OnThreadOfItsOwn<T>(Func<T> send) =>
        Task.Factory.StartNew(send, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>A client over real sockets.</summary>
    public static HttpClient Client(this DpopKey key, DpopOptions? options = null, SocketsHttpHandler? primary = null) =>
        new(new DpopHandler(key, options ?? new DpopOptions()) { InnerHandler = primary ?? new SocketsHttpHandler() });
}
