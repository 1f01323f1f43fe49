namespace DpopHttp.Keys;

/// <summary>A public key here, and the private one behind a <see cref="DpopSigner"/>.</summary>
internal sealed class SignerKeyPair(DpopSigner signer, KeyPair publicHalf) : KeyPair
{
    private volatile bool _isDisposed;

    public override SigningAlgorithm Algorithm => publicHalf.Algorithm;

    public override int SignatureSize => publicHalf.SignatureSize;

    public override bool SignsInProcess => false;

    public override string CreatePublicJwk() => publicHalf.CreatePublicJwk();

    public override string CreatePrivateJwk() => throw new NotSupportedException("The private key is behind a signer.");

    public override string CreateEncryptedPem(string passphrase) => throw new NotSupportedException("The private key is behind a signer.");

    public override int Sign(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        byte[] signature = Checked(data, signer.Sign(data));
        signature.CopyTo(destination);
        return signature.Length;
    }

    public override async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        byte[] signature = await signer.SignAsync(data, cancellationToken).ConfigureAwait(false);
        return Checked(data.Span, signature);
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => publicHalf.Verify(data, signature);

    // The public half stays: a signature that comes in late is still checked. It holds no secret.
    public override void Dispose() => _isDisposed = true;

    private byte[] Checked(ReadOnlySpan<byte> data, byte[]? answer)
    {
        // A copy: a signer that uses its buffer again must not change what was verified.
        byte[] signature = [.. answer ?? []];
        return SignerFault.Find(publicHalf, data, signature) is { } fault ? throw new MalformedSignatureException(fault) : signature;
    }
}
