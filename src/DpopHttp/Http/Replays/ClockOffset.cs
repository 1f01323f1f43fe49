namespace DpopHttp.Http.Replays;

/// <summary>Servers accept an iat of seconds around their own time (RFC 9449 section 11.1); users' clocks are minutes off.</summary>
internal static class ClockOffset
{
    /// <summary>A smaller difference isn't why a proof was refused, and Date has whole seconds.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>A server cannot make us sign for a time further away: such proofs could be collected today and used then.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    /// <summary>The server's time less ours, or null if it does not say, is as the proof had it, or is beyond belief.</summary>
    public static TimeSpan? Measure(HttpResponseMessage response, DateTimeOffset now, TimeSpan used) =>
        response.Headers.Date - now is { } offset && (offset - used).Duration() > Tolerance && offset.Duration() <= Limit
            ? offset
            : null;
}
