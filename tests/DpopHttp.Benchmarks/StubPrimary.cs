using System.Net;

namespace DpopHttp.Benchmarks;

/// <summary>Answers in memory, and refuses a request that is not as the benchmark means it to be.</summary>
/// <param name="wantsProof">Whether requests are meant to have a proof.</param>
/// <param name="waits">Whether an asynchronous answer comes later, so that the caller really waits; else it is there at once.</param>
internal sealed class StubPrimary(bool wantsProof, bool waits = false) : HttpMessageHandler
{
    private int _isVerified = wantsProof ? 0 : 1;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (waits)
        {
            await Task.Yield();
        }

        return Send(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_isVerified == 0 && Interlocked.Exchange(ref _isVerified, 1) == 0)
        {
            VerifiedProof.Require(request);
        }

        return new HttpResponseMessage(request.Headers.NonValidated.Contains("DPoP") == wantsProof ? HttpStatusCode.OK : HttpStatusCode.BadRequest)
        {
            RequestMessage = request,
        };
    }
}
