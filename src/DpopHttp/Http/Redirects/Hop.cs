using System.Net.Http.Headers;
using DpopHttp.Http.Requests;
using DpopHttp.Origins;

namespace DpopHttp.Http.Redirects;

/// <summary>One stop of a request on its way through redirects: the caller's own request first, then copies of it.</summary>
internal sealed class Hop(HttpRequestMessage request, bool hasCredentials, DpopKey? key)
{
    public HttpRequestMessage Request => request;

    /// <summary>Where it is sent. A handler below may change the request.</summary>
    public Uri Uri { get; } = request.RequestUri!;

    /// <summary>Whether token and proof go along. Once a redirect has led to another origin they do not, not even back.</summary>
    public bool HasCredentials => hasCredentials;

    /// <summary>The key of the hop before: one that comes into use meanwhile may not be the one that the token is bound to.</summary>
    public DpopKey? Key { get; set; } = key;

    /// <summary>Whether a handler below has sent the request elsewhere: then it must not be signed or sent again, and its answer teaches nothing.</summary>
    public bool WasRedirectedBelow(HttpResponseMessage response) =>
        !ReferenceEquals(request.RequestUri, Uri) || (response.RequestMessage is { } answered && answered.RequestUri != Uri);

    /// <summary>Whether the body goes along to where the response leads.</summary>
    public bool KeepsBody(HttpResponseMessage response) => !Redirection.BecomesGet(response.StatusCode, request.Method);

    /// <summary>The request for where the response leads, without its body.</summary>
    public Hop Next(HttpResponseMessage response, Uri target)
    {
        bool keepsBody = KeepsBody(response);
        bool sameOrigin = Origin.Of(target) == Origin.Of(Uri);
        HttpRequestMessage next = keepsBody ? Copy(request.Method, target, sameOrigin) : CopyWithoutBody(HttpMethod.Get, target, sameOrigin);
        return new Hop(next, hasCredentials && sameOrigin, Key);
    }

    /// <summary>A request with the headers and options of this one but for those that speak of a body.</summary>
    public HttpRequestMessage CopyWithoutBody(HttpMethod method, Uri target, bool sameOrigin)
    {
        HttpRequestMessage copy = Copy(method, target, sameOrigin);
        copy.Headers.TransferEncodingChunked = null;
        copy.Headers.ExpectContinue = null;
        copy.RemoveDpopContentFactory();
        return copy;
    }

    private HttpRequestMessage Copy(HttpMethod method, Uri target, bool sameOrigin)
    {
        HttpRequestMessage copy = new(method, target) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach ((string name, HeaderStringValues values) in request.Headers.NonValidated)
        {
            bool staysHere = name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Host", StringComparison.OrdinalIgnoreCase);
            if (sameOrigin || !staysHere)
            {
                copy.Headers.TryAddWithoutValidation(name, values);
            }
        }

        foreach ((string key, object? value) in request.Options)
        {
            ((IDictionary<string, object?>)copy.Options)[key] = value;
        }

        return copy;
    }
}
