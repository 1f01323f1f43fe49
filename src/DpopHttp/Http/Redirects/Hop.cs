using System.Net;
using System.Net.Http.Headers;
using DpopHttp.Http.Bodies;
using DpopHttp.Nonces;

namespace DpopHttp.Http.Redirects;

/// <summary>One stop of a request on its way through redirects: the caller's own request first, then copies of it.</summary>
internal sealed class Hop(HttpRequestMessage request, bool hasCredentials)
{
    public HttpRequestMessage Request => request;

    /// <summary>Where it was sent. A handler below may change the request.</summary>
    public Uri Uri { get; } = request.RequestUri!;

    /// <summary>Whether token and proof go along. Once a redirect has led to another origin they do not, not even back.</summary>
    public bool HasCredentials => hasCredentials;

    /// <summary>The key that the first hop was signed with: one that comes into use under way may not be the one that the token is bound to.</summary>
    public DpopKey? Key { get; set; }

    /// <summary>Whether a handler below has sent the request elsewhere: then it must not be signed or sent again, and its answer teaches nothing.</summary>
    public bool WasMovedBelow(HttpResponseMessage response) =>
        !ReferenceEquals(request.RequestUri, Uri) || (response.RequestMessage is { } answered && answered.RequestUri != Uri);

    /// <summary>The next hop, or null where HttpClient would not follow, or could not send the body again.</summary>
    public Hop? Follow(HttpResponseMessage response, RequestBody body)
    {
        if (WasMovedBelow(response) || Redirection.TargetOf(response, Uri) is not { } target)
        {
            return null;
        }

        bool becomesGet = Redirection.BecomesGet(response.StatusCode, request.Method);
        if (!becomesGet && !body.TryReset())
        {
            return null;
        }

        bool sameOrigin = Origin.Of(target) == Origin.Of(Uri);
        HttpRequestMessage next = new(becomesGet ? HttpMethod.Get : request.Method, target)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = becomesGet ? null : body.Content,
        };
        CopyHeaders(next, sameOrigin);
        if (becomesGet)
        {
            next.Headers.TransferEncodingChunked = false;
            next.Headers.ExpectContinue = null;
            next.RemoveDpopContentFactory();
        }

        return new Hop(next, hasCredentials && sameOrigin) { Key = Key };
    }

    private void CopyHeaders(HttpRequestMessage next, bool sameOrigin)
    {
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            bool isProof = name.Equals(DpopScheme.ProofHeader, StringComparison.OrdinalIgnoreCase);
            bool staysHere = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Host", StringComparison.OrdinalIgnoreCase);
            if (!isProof && (sameOrigin || !staysHere))
            {
                next.Headers.TryAddWithoutValidation(name, values);
            }
        }

        foreach ((string key, object? value) in request.Options)
        {
            ((IDictionary<string, object?>)next.Options)[key] = value;
        }
    }
}
