using System.Buffers.Text;
using System.Security.Cryptography;

namespace LoopbackServers.Proofs;

/// <summary>
/// One nonce for all clients, replaced from time to time (RFC 9449 section 8.2). The one before is accepted until the next change, so that
/// a client which calls at least once in an interval is never challenged again.
/// </summary>
internal sealed class RotatingNonces(TimeSpan interval, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private string _current = Make();
    private string? _previous;
    private long _since = clock.GetTimestamp();

    public string Current
    {
        get
        {
            lock (_gate)
            {
                RotateIfDue();
                return _current;
            }
        }
    }

    public bool Accepts(string nonce)
    {
        lock (_gate)
        {
            RotateIfDue();
            return nonce == _current || nonce == _previous;
        }
    }

    public void Rotate()
    {
        lock (_gate)
        {
            RotateIfDue();
            Replace();
        }
    }

    private void RotateIfDue()
    {
        // After a quiet time both are too old; more than two changes make no difference.
        double due = Math.Floor(clock.GetElapsedTime(_since) / interval);
        for (int i = 0; i < Math.Min(due, 2); i++)
        {
            Replace();
        }
    }

    private void Replace()
    {
        _previous = _current;
        _current = Make();
        _since = clock.GetTimestamp();
    }

    private static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
