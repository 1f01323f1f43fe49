namespace DpopHttp;

/// <summary>What a caller can tell the handler about one request.</summary>
public static class DpopHttpRequestMessageExtensions
{
    private static readonly HttpRequestOptionsKey<Func<HttpContent>> FactoryKey = new("DpopHttp.ContentFactory");

    extension(HttpRequestMessage request)
    {
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
}
