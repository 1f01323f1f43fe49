using System.Security.Cryptography;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>An ES256 key elsewhere that signs after a real wait, and only asynchronously.</summary>
internal sealed class SlowSigner(ECDsa privatePart, string publicJwk) : DpopSigner
{
    public int Calls { get; private set; }

    public override string Algorithm => DpopAlgorithms.ES256;

    public override string PublicJwk => publicJwk;

    public override async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        Calls++;
        await Task.Yield();
        return privatePart.SignData(data.Span, HashAlgorithmName.SHA256);
    }
}
