namespace DpopHttp.AspNetCore;

/// <summary>Lets some messages of each kind through in a minute, and counts the others: whoever sends bad proofs can't fill the log.</summary>
internal sealed class LogLimiter(TimeProvider timeProvider)
{
    private const int PerMinute = 20;

    private readonly Lock _gate = new();

    // As many entries as there are reasons.
    private readonly Dictionary<string, (long Minute, int Passed, long Suppressed)> _byKind = new(StringComparer.Ordinal);

    /// <summary>How many of this kind were suppressed before this one, or null when this one is.</summary>
    public long? Enter(string kind)
    {
        long minute = timeProvider.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
        lock (_gate)
        {
            (long since, int passed, long suppressed) = _byKind.GetValueOrDefault(kind);
            passed = since == minute ? passed : 0;
            if (passed >= PerMinute)
            {
                _byKind[kind] = (minute, passed, suppressed + 1);
                return null;
            }

            _byKind[kind] = (minute, passed + 1, 0);
            return suppressed;
        }
    }
}
