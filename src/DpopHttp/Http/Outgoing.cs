using System.Net.Http.Headers;
using DpopHttp.Http.Redirects;
using DpopHttp.Http.Tokens;

namespace DpopHttp.Http;

/// <summary>A request while it is ours: carries token and proof, and is given back as it came.</summary>
internal sealed class Outgoing : IDisposable
{
    private readonly AuthenticationHeaderValue? _callersAuthorization;
    private bool _hasReplaced;

    public Outgoing(Hop hop, RequestToken token)
    {
        Hop = hop;
        Request.Headers.Remove(DpopScheme.ProofHeader);
        if (token.WantsProof && token.Value is not null)
        {
            _callersAuthorization = Request.Headers.Authorization;
        }

        Carry(token);
    }

    public Hop Hop { get; }

    public HttpRequestMessage Request => Hop.Request;

    public RequestToken Token { get; private set; }

    /// <summary>Sets the token for the next attempt.</summary>
    public void Carry(RequestToken token)
    {
        Token = token;
        if (token.Replacement is { } replacement)
        {
            Request.Headers.Authorization = replacement;
            _hasReplaced = true;
        }
    }

    public void Stamp(string proof)
    {
        Request.Headers.Remove(DpopScheme.ProofHeader);
        Request.Headers.TryAddWithoutValidation(DpopScheme.ProofHeader, proof);
    }

    public void Dispose()
    {
        Request.Headers.Remove(DpopScheme.ProofHeader);

        // After a move below the request names another server, which must not get the token on a retry.
        if (_hasReplaced && ReferenceEquals(Request.RequestUri, Hop.Uri))
        {
            Request.Headers.Authorization = _callersAuthorization;
        }
    }
}
