using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DpopHttp.Keys;

/// <summary>Takes the key pair of a certificate. The certificate itself has no part in DPoP.</summary>
internal static class CertificateReader
{
    /// <exception cref="MalformedKeyException">The certificate has no private key, or one that cannot be used.</exception>
    public static KeyPair Read(X509Certificate2 certificate, string? algorithm)
    {
        try
        {
            if (certificate.GetECDsaPrivateKey() is { } ec)
            {
                return ImportedKey.From(ec, algorithm);
            }

            return certificate.GetRSAPrivateKey() is { } rsa
                ? ImportedKey.From(rsa, algorithm)
                : throw new MalformedKeyException(certificate.HasPrivateKey
                    ? "The certificate's key is neither EC nor RSA: other keys cannot sign a proof here."
                    : "The certificate has no private key: load it with its key, as from a PKCS#12 file.");
        }
        catch (CryptographicException exception)
        {
            throw new MalformedKeyException("The certificate's private key cannot be opened: see the inner exception.", exception);
        }
    }
}
