using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace DpopHttp.AspNetCore;

/// <summary>
/// Nonces by the key ring of Data Protection: each is the number of its time step, protected. Instances that share the ring accept each
/// other's. When the ring goes over to a new key, nonces by the key before can still be read, so no client is challenged.
/// </summary>
internal sealed class ProtectedNonces(IDataProtector protector, TimeSpan step, TimeProvider clock) : IServerNonces
{
    private Made? _made;

    public TimeSpan Lifetime => 3 * step;

    public string Current
    {
        get
        {
            long number = CurrentStep;
            if (Volatile.Read(ref _made) is { } made && made.Step == number)
            {
                return made.Nonce;
            }

            // Two requests at once may make one each: both are good.
            Made fresh = new(number, Make(number));
            Volatile.Write(ref _made, fresh);
            return fresh.Nonce;
        }
    }

    private long CurrentStep => clock.GetUtcNow().UtcTicks / step.Ticks;

    /// <summary>A nonce of the current step, of the one before or of the next: instances may differ in time. The one that is handed out now needs no look inside.</summary>
    public bool Accepts(string nonce) => nonce == Current || Read(nonce) is { } number && Math.Abs(number - CurrentStep) <= 1;

    public bool IsCurrent(string nonce) => nonce == Current || Read(nonce) == CurrentStep;

    private string Make(long number)
    {
        byte[] text = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(text, number);
        return Base64Url.EncodeToString(protector.Protect(text));
    }

    private long? Read(string nonce)
    {
        try
        {
            return BinaryPrimitives.ReadInt64BigEndian(protector.Unprotect(Base64Url.DecodeFromChars(nonce)));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private sealed record Made(long Step, string Nonce);
}
