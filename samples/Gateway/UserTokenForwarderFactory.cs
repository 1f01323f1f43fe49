using Yarp.ReverseProxy.Forwarder;

namespace Gateway;

/// <summary>Makes the proxy send through the client of the factory that is called like the cluster: it gives each request its user's token and a proof.</summary>
internal sealed class UserTokenForwarderFactory(IHttpMessageHandlerFactory handlers) : IForwarderHttpClientFactory
{
    public HttpMessageInvoker CreateClient(ForwarderHttpClientContext context) => new(handlers.CreateHandler(context.ClusterId), disposeHandler: false);
}
