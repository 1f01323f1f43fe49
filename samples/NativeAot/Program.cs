using System.Diagnostics;
using System.Globalization;
using System.Net;
using DpopHttp;

// A program without a runtime to start: a key, a proof by hand, and a request through the handler.
using DpopKey key = DpopKey.Generate();
string proof = DpopProof.Create(key, HttpMethod.Get, new Uri("https://api.example.com/orders"), "access-token");
TimeSpan taken = TimeProvider.System.GetUtcNow() - Process.GetCurrentProcess().StartTime.ToUniversalTime();

using HttpClient client = new(new DpopHandler(key) { InnerHandler = new EchoHandler() });
client.DefaultRequestHeaders.Authorization = new("Bearer", "access-token");
string sent = await client.GetStringAsync(new Uri("https://api.example.com/orders"));

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"First proof after {taken.TotalMilliseconds:0.0} ms; the program has {new FileInfo(Environment.ProcessPath!).Length / 1_000_000.0:0.0} MB."));
return proof.Split('.').Length == 3 && sent.StartsWith("DPoP access-token", StringComparison.Ordinal) ? 0 : 1;

/// <summary>Stands in for a server: says what a request was sent with.</summary>
internal sealed class EchoHandler : HttpMessageHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(
        new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($"{request.Headers.Authorization} {request.Headers.GetValues("DPoP").Single()}") });
}
