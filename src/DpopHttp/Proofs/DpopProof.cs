using DpopHttp.Origins;
using DpopHttp.Proofs;

namespace DpopHttp;

/// <summary>One proof, made by hand (RFC 9449 section 4). <see cref="DpopHandler"/> does it for every request by itself.</summary>
public static class DpopProof
{
    /// <summary>Makes the value of the DPoP header for one request. It is good for that one request only: make another for the next.</summary>
    /// <param name="key">Signs the proof. For a request with a token: the key that the token is bound to.</param>
    /// <param name="method">The request's method: the <c>htm</c> claim.</param>
    /// <param name="uri">The request's absolute http or https URI: the <c>htu</c> claim, without its query and fragment.</param>
    /// <param name="accessToken">The token sent with the request; its hash is the <c>ath</c> claim. Null at the token endpoint.</param>
    /// <param name="nonce">The last <c>DPoP-Nonce</c> that the server sent, or null if it sent none (RFC 9449 section 8).</param>
    /// <returns>The proof as a compact JWS of type <c>dpop+jwt</c>. Its <c>iat</c> is the system's time now.</returns>
    /// <exception cref="ArgumentException">The URI is relative or not http(s), the token is empty or has characters that no token has, or the nonce is malformed.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key could not sign.</exception>
    public static string Create(DpopKey key, HttpMethod method, Uri uri, string? accessToken = null, string? nonce = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ProofWriter.Write(key, Claims(key, method, uri, accessToken, nonce));
    }

    /// <summary>As <see cref="Create(DpopKey, HttpMethod, Uri, string, string)"/>, awaiting the signature of a key behind a <see cref="DpopSigner"/>.</summary>
    /// <param name="key">Signs the proof. For a request with a token: the key that the token is bound to.</param>
    /// <param name="method">The request's method: the <c>htm</c> claim.</param>
    /// <param name="uri">The request's absolute http or https URI: the <c>htu</c> claim, without its query and fragment.</param>
    /// <param name="accessToken">The token sent with the request; its hash is the <c>ath</c> claim. Null at the token endpoint.</param>
    /// <param name="nonce">The last <c>DPoP-Nonce</c> that the server sent, or null if it sent none (RFC 9449 section 8).</param>
    /// <param name="cancellationToken">Handed to the signer.</param>
    /// <returns>The proof as a compact JWS of type <c>dpop+jwt</c>. Its <c>iat</c> is the system's time now.</returns>
    /// <exception cref="ArgumentException">The URI is relative or not http(s), the token is empty or has characters that no token has, or the nonce is malformed.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key could not sign.</exception>
    public static ValueTask<string> CreateAsync(
        DpopKey key, HttpMethod method, Uri uri, string? accessToken = null, string? nonce = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.SignsInProcess
            ? new ValueTask<string>(Create(key, method, uri, accessToken, nonce))
            : ProofWriter.WriteAsync(key, Claims(key, method, uri, accessToken, nonce), cancellationToken);
    }

    /// <summary>
    /// Makes the value of the DPoP header for a request, from the request itself: its method, its URI as on the wire, an overridden Host field included, and the
    /// token of its Authorization header.
    /// </summary>
    /// <param name="key">Signs the proof. For a request with a token: the key that the token is bound to.</param>
    /// <param name="request">The request. It isn't changed.</param>
    /// <param name="accessToken">The token whose hash is the <c>ath</c> claim. Null: that of the Authorization header, if its scheme is DPoP or Bearer.</param>
    /// <param name="nonce">The last <c>DPoP-Nonce</c> that the server sent, or null if it sent none (RFC 9449 section 8).</param>
    /// <returns>The proof as a compact JWS of type <c>dpop+jwt</c>. Its <c>iat</c> is the system's time now.</returns>
    /// <exception cref="ArgumentException">The request's URI is missing, relative or not http(s), the token has characters that no token has, or the nonce is malformed.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key could not sign.</exception>
    public static string Create(DpopKey key, HttpRequestMessage request, string? accessToken = null, string? nonce = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return ProofWriter.Write(key, Claims(key, request, accessToken, nonce));
    }

    /// <summary>As <see cref="Create(DpopKey, HttpRequestMessage, string, string)"/>, awaiting the signature of a key behind a <see cref="DpopSigner"/>.</summary>
    /// <param name="key">Signs the proof. For a request with a token: the key that the token is bound to.</param>
    /// <param name="request">The request. It isn't changed.</param>
    /// <param name="accessToken">The token whose hash is the <c>ath</c> claim. Null: that of the Authorization header, if its scheme is DPoP or Bearer.</param>
    /// <param name="nonce">The last <c>DPoP-Nonce</c> that the server sent, or null if it sent none (RFC 9449 section 8).</param>
    /// <param name="cancellationToken">Handed to the signer.</param>
    /// <returns>The proof as a compact JWS of type <c>dpop+jwt</c>. Its <c>iat</c> is the system's time now.</returns>
    /// <exception cref="ArgumentException">The request's URI is missing, relative or not http(s), the token has characters that no token has, or the nonce is malformed.</exception>
    /// <exception cref="DpopException"><see cref="DpopErrorCodes.KeyUnavailable"/>: the key could not sign.</exception>
    public static ValueTask<string> CreateAsync(
        DpopKey key, HttpRequestMessage request, string? accessToken = null, string? nonce = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.SignsInProcess
            ? new ValueTask<string>(Create(key, request, accessToken, nonce))
            : ProofWriter.WriteAsync(key, Claims(key, request, accessToken, nonce), cancellationToken);
    }

    private static ProofClaims Claims(DpopKey key, HttpRequestMessage request, string? accessToken, string? nonce)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { } uri)
        {
            throw new ArgumentException("The request has no URI: a proof names the absolute URI of the request.", nameof(request));
        }

        ProofClaims claims = Claims(key, request.Method, uri, accessToken ?? TokenOf(request), nonce);
        return claims with { TargetAuthority = TargetUri.AuthorityOf(request) };
    }

    private static string? TokenOf(HttpRequestMessage request) => request.Headers.Authorization is { } field
        && (field.Scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase) || field.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            ? field.Parameter
            : null;

    private static ProofClaims Claims(DpopKey key, HttpMethod method, Uri uri, string? accessToken, string? nonce)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(uri);
        if (!uri.IsAbsoluteUri || Origin.HttpScheme(uri) is not ("http" or "https"))
        {
            throw new ArgumentException("The URI is relative or not http(s): a proof names the absolute URI of the request.", nameof(uri));
        }

        if (accessToken is not null && !AccessTokenHash.IsToken(accessToken))
        {
            throw new ArgumentException("The access token is empty or has characters other than visible ASCII. Pass null for a request without a token.", nameof(accessToken));
        }

        if (nonce is not null && !Nonce.IsWellFormed(nonce))
        {
            throw new ArgumentException($"The nonce is not 1 to {Nonce.MaximumLength} characters of visible ASCII without quotation mark and backslash.", nameof(nonce));
        }

        string? ath = accessToken is null ? null : key.HashOf(accessToken, AccessTokenHash.Of);
        long now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return new ProofClaims(MethodOnTheWire.Of(method), TargetUri.AuthorityOf(uri), TargetUri.PathOf(uri), now, ath, nonce);
    }
}
