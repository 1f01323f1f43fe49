using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DpopHttp.Verification;

/// <summary>What is handed out and accepted during one time step; the first nonce is the current one.</summary>
internal sealed record NonceStep(long Number, string[] Nonces)
{
    public string Current => Nonces[0];

    public bool Accepts(string nonce)
    {
        // In constant time, so that how long the answer takes doesn't help to guess a nonce.
        bool isAccepted = false;
        foreach (string accepted in Nonces)
        {
            isAccepted |= CryptographicOperations.FixedTimeEquals(
                MemoryMarshal.AsBytes(nonce.AsSpan()), MemoryMarshal.AsBytes(accepted.AsSpan()));
        }

        return isAccepted;
    }
}
