using System.Formats.Asn1;

namespace DpopHttp.Keys;

/// <summary>Says what is wrong with a signature from outside, and what its signer should do.</summary>
internal static class SignerFault
{
    /// <summary>Null for a signature that the public key verifies.</summary>
    public static string? Find(KeyPair key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        string algorithm = key.Algorithm.Name;
        if (signature.Length == key.SignatureSize)
        {
            return key.Verify(data, signature)
                ? null
                : $"The signer's signature does not verify with its public key as {algorithm}. "
                + "Sign with the key of that PublicJwk, and hash the data once with the algorithm's hash.";
        }

        return key.Algorithm.Curve is not null && IsDer(signature)
            ? $"The signer's signature is in DER. A JWS takes r and s one after the other, {key.SignatureSize} bytes for {algorithm} "
            + "(RFC 7518 section 3.4). Convert it, or ask for the format IEEE P1363."
            : $"The signer's signature has {signature.Length} bytes. {algorithm} with this key has {key.SignatureSize} (RFC 7518 section 3).";
    }

    /// <summary>A SEQUENCE of two INTEGERs (RFC 3279 section 2.2.3).</summary>
    private static bool IsDer(ReadOnlySpan<byte> signature)
    {
        try
        {
            AsnReader sequence = new AsnReader(signature.ToArray(), AsnEncodingRules.DER).ReadSequence();
            sequence.ReadInteger();
            sequence.ReadInteger();
            return !sequence.HasData;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
