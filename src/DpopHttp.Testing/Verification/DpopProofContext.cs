namespace DpopHttp.Testing;

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
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(uri);
        ArgumentNullException.ThrowIfNull(proofs);
        if (!uri.IsAbsoluteUri)
        {
            throw new ArgumentException($"The URI '{uri}' is relative; htu can only be compared with an absolute one.", nameof(uri));
        }

        Method = method;
        Uri = uri;
        Proofs = [.. proofs];
    }

    /// <summary>The HTTP method that <c>htm</c> must be equal to.</summary>
    public string Method { get; }

    /// <summary>The URI that <c>htu</c> must name.</summary>
    public Uri Uri { get; }

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
}
