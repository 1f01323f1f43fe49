using System.Globalization;
using System.Net;
using DpopHttp.Verification;

namespace DpopHttp.Testing;

/// <summary>
/// A request as it arrived at a <see cref="ProtectedResourceHandler"/>, and what became of it. What is decided after its arrival
/// (<see cref="Body"/>, <see cref="StatusCode"/>, …) stays null or false until then.
/// </summary>
public sealed class ReceivedRequest
{
    private byte[]? _body;

    internal ReceivedRequest(HttpRequestMessage request)
    {
        (AuthorizationScheme, AccessToken) = RequestReader.Authorization(request);
        Method = RequestReader.Method(request);
        Uri = RequestReader.Uri(request);
        Proofs = RequestReader.Proofs(request);
    }

    /// <summary>The HTTP method as it goes over the wire.</summary>
    public string Method { get; }

    /// <summary>The absolute URI with its query; its authority is that of the Host header if there is one.</summary>
    public Uri Uri { get; }

    /// <summary>The scheme of the Authorization header as it was written; null when there is not exactly one such header.</summary>
    public string? AuthorizationScheme { get; }

    /// <summary>What followed the scheme, whatever the scheme was; null when nothing did.</summary>
    public string? AccessToken { get; }

    /// <summary>The values of all DPoP header fields.</summary>
    public IReadOnlyList<string> Proofs { get; }

    /// <summary>The proof, when there is exactly one DPoP header field; otherwise null.</summary>
    public string? Proof => Proofs.Count == 1 ? Proofs[0] : null;

    /// <summary>The nonce claim of the proof; null when it has none or was not examined.</summary>
    public string? Nonce => ProofResult?.Nonce;

    /// <summary>
    /// The bytes of the body, empty when the request had none. Null when it was not read: a refused request with
    /// <c>Expect: 100-continue</c> keeps its body, and so does one whose connection is dropped before it.
    /// </summary>
    public ReadOnlyMemory<byte>? Body => _body is null ? default(ReadOnlyMemory<byte>?) : _body;

    /// <summary>The verifier's findings; null when the request was refused before, for want of a token.</summary>
    public DpopProofResult? ProofResult { get; internal set; }

    /// <summary>The first check of the proof that failed, or null.</summary>
    public DpopProofCheck? FailedCheck => ProofResult?.FailedCheck;

    /// <summary>Whether proof, nonce and token were all good, whatever was answered then.</summary>
    public bool Accepted { get; internal set; }

    /// <summary>The error of the refusal, such as <c>use_dpop_nonce</c>, as a resource names it; null when there was none.</summary>
    public string? Error { get; internal set; }

    /// <summary>The status of the answer; null when none was given.</summary>
    public HttpStatusCode? StatusCode { get; internal set; }

    internal byte[] BodyBytes
    {
        get => _body ?? [];
        set => _body = value;
    }

    /// <summary>One line for messages of failed tests, without token, proof, nonce and query.</summary>
    /// <returns>Method, URI, status, and what was wrong.</returns>
    public override string ToString()
    {
        string status = StatusCode is { } code ? ((int)code).ToString(CultureInfo.InvariantCulture) : "no answer";
        string?[] parts = [Method, Uri.GetLeftPart(UriPartial.Path), "->", status, Error, ProofResult?.ToString()];
        return string.Join(' ', parts.Where(part => part is not null));
    }
}
