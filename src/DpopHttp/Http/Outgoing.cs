using System.Net.Http.Headers;
using DpopHttp.Http.Redirects;
using DpopHttp.Http.Tokens;

namespace DpopHttp.Http;

/// <summary>A request while it is ours: carries token and proof, and is given back as it came.</summary>
internal sealed class Outgoing : IDisposable
{
    private readonly AuthenticationHeaderValue? _callersAuthorization;

    public Outgoing(Hop hop, RequestToken token)
    {
        Hop = hop;
        Token = token;
        Request.Headers.Remove(DpopScheme.ProofHeader);
        if (token.Replacement is { } replacement)
        {
            _callersAuthorization = Request.Headers.Authorization;
            Request.Headers.Authorization = replacement;
        }
    }

    public Hop Hop { get; }

    public HttpRequestMessage Request => Hop.Request;

    public RequestToken Token { get; }

    public void Stamp(string proof)
    {
        Request.Headers.Remove(DpopScheme.ProofHeader);
        Request.Headers.TryAddWithoutValidation(DpopScheme.ProofHeader, proof);
    }

    public void Dispose()
    {
        Request.Headers.Remove(DpopScheme.ProofHeader);

        // After a move below the request names another server, which must not get the token on a retry.
        if (Token.Replacement is not null && ReferenceEquals(Request.RequestUri, Hop.Uri))
        {
            Request.Headers.Authorization = _callersAuthorization;
        }
    }
}
