using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DpopHttp.Tokens.Caching;

/// <summary>
/// Derives from the private parameter of a key that can be exported (HKDF, RFC 5869). A signature would not do: ECDSA and RSA-PSS give another one
/// each time.
/// </summary>
internal sealed class ExportedKeyMaterial : IPrivateKeyMaterial
{
    public bool TryDerive(DpopKey key, ReadOnlySpan<byte> purpose, Span<byte> secret)
    {
        byte[] jwk;
        try
        {
            jwk = Encoding.UTF8.GetBytes(key.ExportPrivateJwk());
        }
        catch (DpopException exception) when (exception.Code == DpopErrorCodes.KeyNotExportable)
        {
            return false;
        }

        byte[] parameter = [];
        try
        {
            parameter = ReadPrivateParameter(jwk);
            HKDF.DeriveKey(HashAlgorithmName.SHA256, parameter, secret, salt: [], purpose);
            return true;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(jwk);
            CryptographicOperations.ZeroMemory(parameter);
        }
    }

    /// <summary><c>d</c>, of EC and of RSA keys (RFC 7518 sections 6.2.2 and 6.3.2).</summary>
    private static byte[] ReadPrivateParameter(byte[] jwk)
    {
        Utf8JsonReader reader = new(jwk);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("d"u8) && reader.Read())
            {
                return Base64Url.DecodeFromUtf8(reader.ValueSpan);
            }
        }

        throw new InvalidOperationException("The private JWK has no \"d\".");
    }
}
