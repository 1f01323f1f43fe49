using System.Security.Cryptography;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>A key whose private part cannot be exported.</summary>
internal sealed class KeyElsewhere(string algorithm, string publicJwk, ECDsa privatePart) : DpopSigner
{
    public override string Algorithm => algorithm;

    public override string PublicJwk => publicJwk;

    public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        new(privatePart.SignData(data.Span, HashAlgorithmName.SHA256));
}
