using System.Net;

namespace DpopHttp.Tests.Support;

/// <summary>Stands in for the primary handler where no wire is needed; answers Send and SendAsync alike.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    public StubHandler()
        : this(_ => new HttpResponseMessage(HttpStatusCode.OK))
    {
    }

    public List<string?> Proofs { get; } = [];

    public List<string?> Authorizations { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(Send(request, cancellationToken));

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (Proofs)
        {
            Proofs.Add(request.Headers.TryGetValues("DPoP", out IEnumerable<string>? values) ? values.Single() : null);
            Authorizations.Add(request.Headers.Authorization?.ToString());
        }

        HttpResponseMessage response = answer(request);
        response.RequestMessage ??= request;
        return response;
    }
}
