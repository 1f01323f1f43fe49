using System.Buffers.Text;
using System.Security.Cryptography;

namespace DpopHttp.Shared;

/// <summary>A JWK SHA-256 thumbprint in base64url (RFC 7638 section 3).</summary>
internal static class JwkThumbprint
{
    /// <summary>Checked before one becomes part of a file's name.</summary>
    /// <exception cref="ArgumentException">This isn't a thumbprint.</exception>
    public static void Require(string thumbprint, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(thumbprint, parameterName);
        if (!Base64Url.IsValid(thumbprint, out int length) || length != SHA256.HashSizeInBytes || thumbprint.Length != Base64Url.GetEncodedLength(length))
        {
            throw new ArgumentException("This isn't a thumbprint, which is 43 characters of base64url (RFC 7638).", parameterName);
        }
    }
}
