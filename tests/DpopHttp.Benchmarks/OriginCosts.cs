using System.Globalization;
using System.Net;

namespace DpopHttp.Benchmarks;

/// <summary>The memory of a client that meets ever more origins: what is remembered is bounded.</summary>
internal static class OriginCosts
{
    public static void Run(TextWriter output, params ReadOnlySpan<int> counts)
    {
        using DpopKey key = DpopKey.Generate();
        using HttpMessageInvoker dpop = new(new DpopHandler(key) { InnerHandler = new Answering() });
        Send(dpop, 0);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int sent = 0;
        foreach (int count in counts)
        {
            for (; sent < count; sent++)
            {
                Send(dpop, sent);
            }

            double kilobytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1024.0;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"live heap after {count} origins that each gave a nonce: {kilobytes:0} KB"));
        }
    }

    private static void Send(HttpMessageInvoker invoker, int number)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"https://h{number}.example.com/"));
        invoker.Send(request, CancellationToken.None).Dispose();
    }

    private sealed class Answering : HttpMessageHandler
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = new(HttpStatusCode.OK);
            response.Headers.TryAddWithoutValidation("DPoP-Nonce", request.RequestUri!.IdnHost);
            return response;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Send(request, cancellationToken));
    }
}
