namespace DpopHttp.Testing;

/// <summary>The proofs of the acceptance window, by key and jti (RFC 9449 section 11.1).</summary>
internal sealed class ReplayMemory
{
    private readonly Lock _gate = new();
    private readonly HashSet<(string Thumbprint, string JwtId)> _seen = [];
    private readonly PriorityQueue<(string Thumbprint, string JwtId), double> _byExpiry = new();

    /// <summary>False if the proof was seen before. Times are seconds since 1970.</summary>
    public bool TryAdd(string thumbprint, string jwtId, double expiry, double now)
    {
        lock (_gate)
        {
            while (_byExpiry.TryPeek(out var oldest, out double oldestExpiry) && oldestExpiry < now)
            {
                _byExpiry.Dequeue();
                _seen.Remove(oldest);
            }

            if (!_seen.Add((thumbprint, jwtId)))
            {
                return false;
            }

            _byExpiry.Enqueue((thumbprint, jwtId), expiry);
            return true;
        }
    }
}
