using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Endpoint;

/// <summary>
/// Stands below the HttpClient of the OpenID Connect handler, and gives its requests to a client of the factory. Nothing is resolved before the first
/// request: this is made while the options are, and a service that reads them then would wait for itself.
/// </summary>
internal sealed class BackChannelHandler(string scheme, IServiceProvider services) : HttpMessageHandler
{
    private readonly string _signing = BackChannel.NameFor(scheme), _plain = BackChannel.PlainNameFor(scheme);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        bool takesProof = request.Method == HttpMethod.Post || request.Headers.Contains("Authorization");
        if (takesProof && BackChannel.FindKey(services.GetService<IHttpContextAccessor>()?.HttpContext) is { } key)
        {
            request.SetDpopKey(key);
        }

        // The factory keeps the handler; what is disposed here is nothing.
        HttpMessageHandler handler = services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(takesProof ? _signing : _plain);
        using HttpMessageInvoker invoker = new(handler, disposeHandler: false);
        return await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
