using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text;
using DpopHttp.Testing;
using DpopHttp.Tests.Handmade;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DpopHttp.Tests.Testing;

/// <summary>A protected resource with a clock that stands still, and a caller that makes its proofs by hand.</summary>
internal sealed class ResourceBench : IDisposable
{
    public const string Token = "an-opaque-token";
    public const string Uri = "https://api.example.com/orders?page=2";

    private readonly HttpMessageInvoker _invoker;

    public ResourceBench(NonceMode nonces = NonceMode.None)
    {
        Resource = new ProtectedResourceHandler { Nonces = nonces, Verifier = new DpopProofVerifier { TimeProvider = Clock } };
        _invoker = new HttpMessageInvoker(Resource);
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    public HandmadeKey Key { get; } = HandmadeKey.Create();

    public ProtectedResourceHandler Resource { get; }

    public ReceivedRequest LastReceived => Resource.Requests[^1];

    public HttpRequestMessage Request(
        string? nonce = null, string? token = Token, string method = "GET", Action<HandmadeProof>? spoil = null)
    {
        HandmadeProof proof = new(Key, method, Uri, Clock.GetUtcNow(), token, nonce);
        spoil?.Invoke(proof);
        HttpRequestMessage request = new(new HttpMethod(method), Uri);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Add("DPoP", proof.ToString());
        return request;
    }

    public HttpRequestMessage Post(HttpContent content, string? nonce = null)
    {
        HttpRequestMessage request = Request(nonce, method: "POST");
        request.Content = content;
        return request;
    }

    /// <summary>The synchronous send gets a thread of its own, so that a test can cancel it.</summary>
    public Task<HttpResponseMessage> SendAsync(
        bool synchronous, HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        synchronous
            ? Task.Run(() => _invoker.Send(request, cancellationToken), CancellationToken.None)
            : _invoker.SendAsync(request, cancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => SendAsync(synchronous: false, request);

    public void Dispose()
    {
        _invoker.Dispose();
        Key.Dispose();
    }

    public static string? NonceOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? Assert.Single(values) : null;

    public static string[] ChallengesOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out HeaderStringValues values) ? [.. values] : [];

    public static string BodyOf(ReceivedRequest request) => Encoding.UTF8.GetString(request.Body!.Value.Span);

    public static string JwtOf(string claims) => $"e30.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}.AAAA";
}
