namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>Stands before the network, and may wait, fail, or answer in a server's place.</summary>
internal sealed class Gate(Func<HttpRequestMessage, Task<HttpResponseMessage?>>? pass, HttpMessageHandler network) : DelegatingHandler(network)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (pass is null ? null : await pass(request).WaitAsync(cancellationToken)) ?? await base.SendAsync(request, cancellationToken);
}
