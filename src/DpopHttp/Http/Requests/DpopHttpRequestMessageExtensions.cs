namespace DpopHttp;

/// <summary>What a caller can tell the handler about one request.</summary>
public static class DpopHttpRequestMessageExtensions
{
    private static readonly HttpRequestOptionsKey<Func<HttpContent>> FactoryKey = new("DpopHttp.ContentFactory");

    private static readonly HttpRequestOptionsKey<DpopKey?> Key = new("DpopHttp.Key");

    private static readonly HttpRequestOptionsKey<Func<string, CancellationToken, ValueTask<string?>>?> RenewalKey = new("DpopHttp.TokenRenewal");

    internal static Func<string, CancellationToken, ValueTask<string?>>? GetDpopTokenRenewal(this HttpRequestMessage request) =>
        request.Options.TryGetValue(RenewalKey, out Func<string, CancellationToken, ValueTask<string?>>? renewal) ? renewal : null;

    internal static DpopKey? GetDpopKey(this HttpRequestMessage request) => request.Options.TryGetValue(Key, out DpopKey? key) ? key : null;

    internal static Func<HttpContent>? GetDpopContentFactory(this HttpRequestMessage request) =>
        request.Options.TryGetValue(FactoryKey, out Func<HttpContent>? factory) ? factory : null;

    internal static void RemoveDpopContentFactory(this HttpRequestMessage request) => ((IDictionary<string, object?>)request.Options).Remove(FactoryKey.Key);

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
    /// <param name="key">Signs its proofs. It is not disposed with the request. Null: the client's key again.</param>
    /// <exception cref="ArgumentNullException">The request is null.</exception>
    public static void SetDpopKey(this HttpRequestMessage request, DpopKey? key)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(Key, key);
    }

    /// <summary>
    /// Lets the handler get another token, once, when the server refuses the request's with <c>invalid_token</c> (RFC 6750 section 3.1), and send
    /// the request again with it. If the body cannot be sent again, the refusal is the caller's.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="renew">
    /// Given the refused token, gives one that is bound to the same key, or null to let the refusal stand. An exception from it ends the send. A
    /// synchronous send waits for it. Null: every refusal stands.
    /// </param>
    /// <exception cref="ArgumentNullException">The request is null.</exception>
    public static void SetDpopTokenRenewal(this HttpRequestMessage request, Func<string, CancellationToken, ValueTask<string?>>? renew)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Options.Set(RenewalKey, renew);
    }
}
