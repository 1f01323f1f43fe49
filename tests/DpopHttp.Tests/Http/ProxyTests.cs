using System.Net;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tests.Http;

/// <summary>Plain http to a loopback host goes out only if no proxy stands before it: a proxy would see the token and the proof.</summary>
public class ProxyTests
{
    [Theory]
    [InlineData("SocketsHttpHandler", true)]
    [InlineData("SocketsHttpHandler", false)]
    [InlineData("HttpClientHandler", true)]
    [InlineData("behind a handler", true)]
    public async Task A_request_that_would_go_through_a_proxy_in_clear_is_not_sent(string primary, bool async)
    {
        int seen = 0;
        await using RawHttp1Server proxy = RawHttp1Server.Start((_, _) =>
        {
            seen++;
            return "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
        });
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(Primary(primary, new WebProxy(proxy.Uri)));
        DpopException exception = await Assert.ThrowsAsync<DpopException>(() => client.GetAsync(new Uri("http://localhost:9/orders"), async, "DPoP secret-token"));
        Assert.Equal(DpopErrorCodes.InsecureTransport, exception.Code);
        Assert.Contains(proxy.Uri.Authority, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", exception.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, seen);

        using HttpMessageInvoker allowed = key.Invoker(Primary(primary, new WebProxy(proxy.Uri)), new DpopOptions { AllowInsecureHttp = true });
        using HttpResponseMessage response = await allowed.GetAsync(new Uri("http://localhost:9/orders"), async, "DPoP secret-token");
        Assert.Equal(1, seen);
    }

    [Theory]
    [InlineData("bypassed")]
    [InlineData("not used")]
    public async Task A_proxy_that_is_not_used_for_the_host_is_no_obstacle(string why)
    {
        await using LoopbackServer server = await LoopbackServer.StartAsync(_ => Task.CompletedTask);
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker client = key.Invoker(new SocketsHttpHandler
        {
            Proxy = new WebProxy("http://127.0.0.1:1") { BypassList = why == "bypassed" ? [@"127\.0\.0\.1"] : [] },
            UseProxy = why == "bypassed",
        });
        using HttpResponseMessage response = await client.GetAsync(server.BaseAddress, async: true, "DPoP opaque");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static HttpMessageHandler Primary(string kind, IWebProxy proxy) => kind switch
    {
        "HttpClientHandler" => new HttpClientHandler { Proxy = proxy },
        "behind a handler" => new PassingHandler { InnerHandler = new SocketsHttpHandler { Proxy = proxy } },
        _ => new SocketsHttpHandler { Proxy = proxy },
    };

    private sealed class PassingHandler : DelegatingHandler;
}
