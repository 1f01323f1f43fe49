using Yarp.ReverseProxy.Forwarder;

namespace DpopHttp.Integrations.Tests.Factory;

/// <summary>Puts a proof on each request that YARP forwards.</summary>
internal sealed class DpopForwarderFactory(DpopKey key) : ForwarderHttpClientFactory
{
    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new DpopHandler(key, new DpopOptions { FollowRedirects = false }) { InnerHandler = handler };
}
