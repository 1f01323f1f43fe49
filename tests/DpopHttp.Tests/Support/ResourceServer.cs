using DpopHttp.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DpopHttp.Tests.Support;

/// <summary>A <see cref="ProtectedResourceHandler"/> behind a real socket.</summary>
internal sealed class ResourceServer : IAsyncDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly LoopbackServer _server;

    private ResourceServer(ProtectedResourceHandler api, HttpMessageInvoker invoker, LoopbackServer server)
    {
        Api = api;
        _invoker = invoker;
        _server = server;
    }

    public ProtectedResourceHandler Api { get; }

    public Uri BaseAddress => _server.BaseAddress;

    public static async Task<ResourceServer> StartAsync(ProtectedResourceHandler api, HttpProtocols protocols = HttpProtocols.Http1)
    {
        HttpMessageInvoker invoker = new(api);
        return new ResourceServer(api, invoker, await LoopbackServer.StartAsync(context => HandleAsync(context, invoker), protocols));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _invoker.Dispose();
    }

    private static async Task HandleAsync(HttpContext context, HttpMessageInvoker invoker)
    {
        using HttpRequestMessage request = ToMessage(context);
        try
        {
            using HttpResponseMessage response = await invoker.SendAsync(request, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
            {
                context.Response.Headers.Append(name, values.ToArray());
            }

            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static HttpRequestMessage ToMessage(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Uri uri = new($"{context.Request.Scheme}://{context.Request.Headers.Host}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        HttpRequestMessage request = new(new HttpMethod(context.Request.Method), uri) { Content = new StreamContent(context.Request.Body) };
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return request;
    }
}
