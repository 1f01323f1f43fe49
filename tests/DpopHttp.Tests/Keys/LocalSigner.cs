using System.Security.Cryptography;

namespace DpopHttp.Tests.Keys;

/// <summary>A signer of the application's, for a P-256 key of its own.</summary>
internal sealed class LocalSigner(DpopKey shown) : DpopSigner
{
    public override string Algorithm => shown.Algorithm;

    public override string PublicJwk => shown.PublicJwk;

    public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw new CryptographicException("The vault is closed.");
}
