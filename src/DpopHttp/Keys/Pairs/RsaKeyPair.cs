using System.Buffers.Text;
using System.Security.Cryptography;

namespace DpopHttp.Keys;

internal sealed class RsaKeyPair(SigningAlgorithm algorithm, RSA key) : KeyPair
{
    public override SigningAlgorithm Algorithm => algorithm;

    public override int SignatureSize => (key.KeySize + 7) / 8;

    public static RsaKeyPair Generate(SigningAlgorithm algorithm) => new(algorithm, RSA.Create(SigningAlgorithm.MinimumRsaBits));

    public override string CreatePublicJwk()
    {
        RSAParameters p = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"e":"{{Base64Url.EncodeToString(p.Exponent)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(p.Modulus)}}"}""";
    }

    public override string CreatePrivateJwk()
    {
        RSAParameters p = key.ExportParameters(includePrivateParameters: true);
        try
        {
            (string n, string e) = (Base64Url.EncodeToString(p.Modulus), Base64Url.EncodeToString(p.Exponent));
            string secrets = $"""
                "d":"{Integer(p.D)}","p":"{Integer(p.P)}","q":"{Integer(p.Q)}","dp":"{Integer(p.DP)}","dq":"{Integer(p.DQ)}","qi":"{Integer(p.InverseQ)}"
                """;
            return $$"""{"kty":"RSA","n":"{{n}}","e":"{{e}}",{{secrets}},"alg":"{{algorithm.Name}}"}""";
        }
        finally
        {
            Erase(p);
        }
    }

    /// <summary>Overwrites the private members.</summary>
    public static void Erase(in RSAParameters parameters)
    {
        foreach (byte[]? secret in (ReadOnlySpan<byte[]?>)[parameters.D, parameters.P, parameters.Q, parameters.DP, parameters.DQ, parameters.InverseQ])
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>In the fewest bytes (RFC 7518 section 2: Base64urlUInt).</summary>
    private static string Integer(ReadOnlySpan<byte> value) => Base64Url.EncodeToString(value.TrimStart((byte)0));

    public override string CreateEncryptedPem(string passphrase) =>
        key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, PassphraseEncryption);

    public override int Sign(ReadOnlySpan<byte> data, Span<byte> destination) =>
        key.TrySignData(data, destination, algorithm.Hash, algorithm.Padding!, out int written)
            ? written
            : throw new InvalidOperationException("The buffer is too small for the signature.");

    public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
        key.VerifyData(data, signature, algorithm.Hash, algorithm.Padding!);

    public override void Dispose() => key.Dispose();
}
