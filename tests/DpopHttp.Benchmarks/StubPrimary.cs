using System.Net;

namespace DpopHttp.Benchmarks;

/// <summary>Answers in memory and at once, and refuses a request that is not as the benchmark means it to be.</summary>
internal sealed class StubPrimary(bool wantsProof) : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        new(request.Headers.NonValidated.Contains("DPoP") == wantsProof ? HttpStatusCode.OK : HttpStatusCode.BadRequest)
        {
            RequestMessage = request,
        };
}
