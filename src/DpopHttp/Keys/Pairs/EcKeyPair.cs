using System.Buffers.Text;
using System.Security.Cryptography;

namespace DpopHttp.Keys;

internal sealed class EcKeyPair(SigningAlgorithm algorithm, ECDsa key) : KeyPair
{
    private const DSASignatureFormat Format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;

    private readonly EllipticCurve _curve = algorithm.Curve!;

    public override SigningAlgorithm Algorithm => algorithm;

    public override int SignatureSize => 2 * _curve.CoordinateSize;

    public static EcKeyPair Generate(SigningAlgorithm algorithm) => new(algorithm, ECDsa.Create(algorithm.Curve!.Curve));

    public override string CreatePublicJwk()
    {
        ECPoint q = key.ExportParameters(includePrivateParameters: false).Q;
        return $$"""{"crv":"{{_curve.Name}}","kty":"EC","x":"{{Base64Url.EncodeToString(q.X)}}","y":"{{Base64Url.EncodeToString(q.Y)}}"}""";
    }

    public override string CreatePrivateJwk()
    {
        ECParameters parameters = key.ExportParameters(includePrivateParameters: true);
        try
        {
            (string x, string y) = (Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y));
            string d = Base64Url.EncodeToString(parameters.D);
            return $$"""{"kty":"EC","crv":"{{_curve.Name}}","x":"{{x}}","y":"{{y}}","d":"{{d}}","alg":"{{algorithm.Name}}"}""";
        }
        finally
        {
            CryptographicOperations.ZeroMemory(parameters.D);
        }
    }

    public override string CreateEncryptedPem(string passphrase) =>
        key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, PassphraseEncryption);

    public override int Sign(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[SHA512.HashSizeInBytes];
        hash = hash[..(_curve == EllipticCurve.P256 ? SHA256.HashData(data, hash) : CryptographicOperations.HashData(algorithm.Hash, data, hash))];

        // The overload without a format writes r and s one after the other too, and allocates nothing.
        return key.TrySignHash(hash, destination, out int written)
            ? written
            : throw new InvalidOperationException("The buffer is too small for the signature.");
    }

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        key.VerifyData(data, signature, algorithm.Hash, Format);

    public override void Dispose() => key.Dispose();
}
