using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace DpopHttp.Verification;

/// <summary>The secret that makes nonces, and another whose nonces are accepted up to a step.</summary>
internal sealed class NonceSecrets(byte[] maker, byte[]? other, long otherUntil)
{
    public byte[] Maker => maker;

    /// <summary>The nonces of a time step.</summary>
    public NonceStep At(long number)
    {
        List<string> accepted = [Nonce(maker, number), Nonce(maker, number - 1), Nonce(maker, number + 1)];
        if (other is not null && number <= otherUntil)
        {
            accepted.AddRange(Nonce(other, number), Nonce(other, number - 1), Nonce(other, number + 1));
        }

        return new NonceStep(number, [.. accepted]);
    }

    private static string Nonce(byte[] secret, long number)
    {
        Span<byte> message = stackalloc byte["DpopHttp nonce "u8.Length + sizeof(long)];
        "DpopHttp nonce "u8.CopyTo(message);
        BinaryPrimitives.WriteInt64BigEndian(message["DpopHttp nonce "u8.Length..], number);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, message, hash);
        return Base64Url.EncodeToString(hash);
    }
}
