namespace DpopHttp.Tool.Http;

/// <summary>Gives the server a time for the answer to each request.</summary>
internal sealed class AnswerTimeHandler(TimeSpan timeout) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using AnswerTimer timer = new(timeout);
        return await timer.WaitAsync(limited => base.SendAsync(request, limited), cancellationToken).ConfigureAwait(false);
    }
}
