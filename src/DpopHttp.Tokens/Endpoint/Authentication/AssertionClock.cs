using System.Net;

namespace DpopHttp.Tokens.Endpoint.Authentication;

/// <summary>The authorization server's time less ours, for client assertions: users' clocks are minutes off, and a server refuses what is of the past.</summary>
internal sealed class AssertionClock
{
    /// <summary>Less is not why an assertion was refused, and Date has whole seconds.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    /// <summary>A server cannot make us sign for a time further away than this.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    private long _offset;

    /// <summary>What the last accepted assertion was made with.</summary>
    public TimeSpan Offset
    {
        get => new(Volatile.Read(ref _offset));
        set => Volatile.Write(ref _offset, value.Ticks);
    }

    /// <summary>The offset by the Date of a refusal; null if that is what was used, or beyond belief, or if this isn't a refusal.</summary>
    public static TimeSpan? Measure(HttpResponseMessage response, DateTimeOffset now, TimeSpan used) =>
        response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized
        && response.Headers.Date - now is { } offset && offset.Duration() <= Limit && (offset - used).Duration() > Tolerance
            ? offset
            : null;
}
