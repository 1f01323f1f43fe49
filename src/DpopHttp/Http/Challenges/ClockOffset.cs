namespace DpopHttp.Http.Challenges;

/// <summary>Servers accept an iat of seconds around their own time (RFC 9449 section 11.1); users' clocks are minutes off.</summary>
internal static class ClockOffset
{
    /// <summary>Less is not why a proof was refused, and Date has whole seconds.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>A server cannot make us sign for a time further away than this.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromDays(1);

    /// <summary>The server's time less ours, or null if it does not say, is as we know it, or is beyond belief.</summary>
    public static TimeSpan? Measure(HttpResponseMessage response, DateTimeOffset now, TimeSpan known) =>
        response.Headers.Date - now is { } offset && (offset - known).Duration() > Tolerance && offset.Duration() <= Limit
            ? offset
            : null;
}
