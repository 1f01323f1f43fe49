using System.Net;

namespace DpopHttp.Benchmarks;

/// <summary>Answers when it is told to, on the caller's thread: the request really waits, and all its memory is counted. The first proof is verified.</summary>
internal sealed class WaitingPrimary : HttpMessageHandler
{
    private TaskCompletionSource<HttpResponseMessage> _pending = new();
    private bool _isVerified;

    /// <summary>Sends a request of the usual size through a pipeline that ends here, and answers it.</summary>
    public void Send(HttpMessageInvoker pipeline, Action<HttpRequestMessage> authorize)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Sample.Uri);
        authorize(request);
        Task<HttpResponseMessage> sending = pipeline.SendAsync(request, CancellationToken.None);
        _pending.SetResult(new HttpResponseMessage(HttpStatusCode.OK));
        sending.GetAwaiter().GetResult().Dispose();
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_isVerified && request.Headers.NonValidated.Contains("DPoP"))
        {
            VerifiedProof.Require(request);
            _isVerified = true;
        }

        _pending = new TaskCompletionSource<HttpResponseMessage>();
        return _pending.Task;
    }
}
