using System.Security.Cryptography;

namespace DpopHttp.Proofs;

/// <summary>
/// Bytes of the system's random number generator, a few hundred at a time, for one thread. What is left after a second is dropped: a process or a machine that
/// is cloned from a snapshot must not use the same ones as its original for longer.
/// </summary>
internal sealed class RandomBytes
{
    private const int Size = 512;

    /// <summary>Milliseconds.</summary>
    private const long MaximumAge = 1000;

    private readonly byte[] _bytes = new byte[Size];
    private int _next = Size;
    private long _filledAt;

    /// <summary>Each byte is given once. The span is good until the next call.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        long now = Environment.TickCount64;
        if (_next + count > Size || now - _filledAt >= MaximumAge)
        {
            RandomNumberGenerator.Fill(_bytes);
            (_next, _filledAt) = (0, now);
        }

        _next += count;
        return _bytes.AsSpan(_next - count, count);
    }
}
