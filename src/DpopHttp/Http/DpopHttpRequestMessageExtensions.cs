namespace DpopHttp;

/// <summary>What a caller can tell the handler about one request.</summary>
public static class DpopHttpRequestMessageExtensions
{
    private static readonly HttpRequestOptionsKey<Func<HttpContent>> FactoryKey = new("DpopHttp.ContentFactory");

    private static readonly HttpRequestOptionsKey<DpopKey> Key = new("DpopHttp.Key");

    extension(HttpRequestMessage request)
    {
        internal DpopKey? DpopKey => request.Options.TryGetValue(Key, out DpopKey? key) ? key : null;

        internal Func<HttpContent>? DpopContentFactory => request.Options.TryGetValue(FactoryKey, out Func<HttpContent>? factory) ? factory : null;

        internal void RemoveDpopContentFactory() => ((IDictionary<string, object?>)request.Options).Remove(FactoryKey.Key);
    }

    /// <summary>
    /// Lets the body be made anew for each attempt, so that a request with a body that can be read only once can still be answered
    /// when the server asks for a nonce.
    /// </summary>
    /// <param name="request">The request. Its content is replaced for every attempt, the first included; each is disposed with the next or with the request.</param>
    /// <param name="createContent">Makes the body with its headers, the same bytes each time.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void SetDpopContentFactory(this HttpRequestMessage request, Func<HttpContent> createContent)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(createContent);
        request.Options.Set(FactoryKey, createContent);
    }

    /// <summary>
    /// Signs this request's proofs with another key than the client's: the one that the request's token is bound to. For tokens that outlive a
    /// rotation of the key, and for gateways that hold a key for each of their users.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="key">Signs its proofs. It is not disposed with the request.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static void SetDpopKey(this HttpRequestMessage request, DpopKey key)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(key);
        request.Options.Set(Key, key);
    }
}
