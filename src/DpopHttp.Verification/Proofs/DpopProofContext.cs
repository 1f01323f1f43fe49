namespace DpopHttp.Verification;

/// <summary>What a proof is verified against: the request that it came with.</summary>
public sealed class DpopProofContext
{
    /// <summary>Describes the request that the proof came with.</summary>
    /// <param name="method">The HTTP method as it came over the wire.</param>
    /// <param name="uri">The absolute URI of the request. Query and fragment do not matter.</param>
    /// <param name="proofs">The values of the DPoP header fields, one for each field.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="method"/> is empty, or <paramref name="uri"/> is not absolute.</exception>
    public DpopProofContext(string method, Uri uri, IEnumerable<string> proofs)
        : this(method, TextOf(uri), proofs)
    {
    }

    /// <summary>Describes the request that the proof came with, its URI as text: what a server reads off the wire.</summary>
    /// <param name="method">The HTTP method as it came over the wire.</param>
    /// <param name="uri">
    /// The absolute URI of the request, percent-encoded as it came. Query and fragment do not matter. No proof passes for a text that
    /// isn't such a URI.
    /// </param>
    /// <param name="proofs">The values of the DPoP header fields, one for each field.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="method"/> is empty.</exception>
    public DpopProofContext(string method, string uri, IEnumerable<string> proofs)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(proofs);
        Method = method;
        Uri = uri;
        Proofs = [.. proofs];
    }

    /// <summary>The HTTP method that <c>htm</c> must be equal to.</summary>
    public string Method { get; }

    /// <summary>The URI that <c>htu</c> must name.</summary>
    public string Uri { get; }

    /// <summary>The values of the DPoP header fields.</summary>
    public IReadOnlyList<string> Proofs { get; }

    /// <summary>The access token that came with the proof. Null, the default: <c>ath</c> is not checked.</summary>
    public string? AccessToken { get; init; }

    /// <summary>
    /// The thumbprint (RFC 7638, SHA-256, base64url) of the key that the token is bound to, its <c>cnf.jkt</c>
    /// (RFC 9449 section 6). Null, the default: any key will do.
    /// </summary>
    public string? BoundThumbprint { get; init; }

    /// <summary>
    /// Says whether a nonce is accepted (RFC 9449 sections 8 and 9). Null, the default: no nonce is demanded and one that came is ignored.
    /// It is called at most once for each proof, and only when all checks before it have passed.
    /// </summary>
    public Func<string, bool>? AcceptNonce { get; init; }

    /// <summary>
    /// Whether a proof needs a nonce when <see cref="AcceptNonce"/> is set. Default: true. When false, a proof without a nonce is accepted
    /// if its <c>iat</c> is; a nonce that came must be accepted either way.
    /// </summary>
    public bool IsNonceRequired { get; init; } = true;

    /// <summary>
    /// Whether an accepted nonce shows that the proof is fresh whatever its <c>iat</c> says (RFC 9449 section 4.3, item 11), so that
    /// clients with a wrong clock can call. Default: false. When true, <see cref="NonceLifetime"/> must be right.
    /// </summary>
    public bool NonceStandsForClock { get; init; }

    /// <summary>How long from now on a nonce that is accepted now may be accepted. Default: five minutes.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When the request arrived. Null, the default: now, by the verifier's clock.</summary>
    public DateTimeOffset? Time { get; init; }

    private static string TextOf(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.IsAbsoluteUri
            ? NormalizedUri.WireTextOf(uri)
            : throw new ArgumentException($"The URI '{uri}' is relative; htu can only be compared with an absolute one.", nameof(uri));
    }
}
