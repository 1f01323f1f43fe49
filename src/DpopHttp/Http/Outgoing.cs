using System.Net.Http.Headers;
using DpopHttp.Http.Tokens;

namespace DpopHttp.Http;

/// <summary>The caller's request while it is ours: carries token and proof, and is given back as it came.</summary>
internal sealed class Outgoing : IDisposable
{
    private readonly Uri _uri;
    private readonly AuthenticationHeaderValue? _callersAuthorization;

    public Outgoing(HttpRequestMessage request, RequestToken token)
    {
        Request = request;
        Token = token;
        _uri = request.RequestUri!;
        request.Headers.Remove(DpopScheme.ProofHeader);
        if (token.Replacement is { } replacement)
        {
            _callersAuthorization = request.Headers.Authorization;
            request.Headers.Authorization = replacement;
        }
    }

    public HttpRequestMessage Request { get; }

    public RequestToken Token { get; }

    /// <summary>Whether a handler below has sent the request elsewhere: then it must not be signed or sent again.</summary>
    public bool WasMovedBelow(HttpResponseMessage response) =>
        !ReferenceEquals(Request.RequestUri, _uri) || (response.RequestMessage is { } answered && answered.RequestUri != _uri);

    public void Stamp(string proof)
    {
        Request.Headers.Remove(DpopScheme.ProofHeader);
        Request.Headers.TryAddWithoutValidation(DpopScheme.ProofHeader, proof);
    }

    public void Dispose()
    {
        Request.Headers.Remove(DpopScheme.ProofHeader);

        // After a move below the request names another server, which must not get the token on a retry.
        if (Token.Replacement is not null && ReferenceEquals(Request.RequestUri, _uri))
        {
            Request.Headers.Authorization = _callersAuthorization;
        }
    }
}
