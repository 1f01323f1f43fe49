namespace DpopHttp;

/// <summary>
/// Signs with a private key that lives elsewhere: in a hardware security module, a TPM or a cloud's key management. Make a key of it
/// by <see cref="DpopKey.FromSigner"/>.
/// </summary>
/// <remarks>
/// Every signature is verified with <see cref="PublicJwk"/> before it is used. An exception from a signer, other than the cancellation
/// that the caller asked for, reaches the caller as <see cref="DpopErrorCodes.KeyUnavailable"/> with the exception inside.
/// </remarks>
public abstract class DpopSigner
{
    /// <summary>ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384 or RS512 (RFC 7518 section 3.1). It must not change.</summary>
    public abstract string Algorithm { get; }

    /// <summary>The public key as a JWK without private members (RFC 7517). It must not change: another key is another signer.</summary>
    public abstract string PublicJwk { get; }

    /// <summary>Signs the data. Called by any number of threads at once.</summary>
    /// <param name="data">What to sign, not hashed yet: the hash is the algorithm's, such as SHA-256 for ES256.</param>
    /// <param name="cancellationToken">Cancelled when the request that needs the signature is.</param>
    /// <returns>
    /// The signature as RFC 7518 section 3 has it: for ES algorithms r and s one after the other, 64, 96 or 132 bytes, and not in DER.
    /// </returns>
    public abstract ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>
    /// Signs without awaiting, for <see cref="HttpClient.Send(HttpRequestMessage)"/> and <see cref="DpopProof.Create(DpopKey, HttpMethod, Uri, string, string)"/>. By default it
    /// throws, and these fail with <see cref="DpopErrorCodes.KeyUnavailable"/>.
    /// </summary>
    /// <param name="data">What to sign, not hashed yet.</param>
    /// <returns>The signature, in the form that <see cref="SignAsync"/> returns it.</returns>
    /// <exception cref="NotSupportedException">The signer signs only asynchronously.</exception>
    public virtual byte[] Sign(ReadOnlySpan<byte> data) => throw new NotSupportedException("This signer signs only asynchronously.");
}
