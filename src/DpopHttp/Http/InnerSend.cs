namespace DpopHttp.Http;

/// <summary>Sends to the handler below: SendAsync or Send.</summary>
internal delegate ValueTask<HttpResponseMessage> InnerSend(HttpRequestMessage request, bool async, CancellationToken cancellationToken);
