namespace DpopHttp.Interop.Tests.Grants;

/// <summary>The system's clock, some time ahead of it. Timers run by the system's: nobody waits for a time that was moved.</summary>
internal sealed class MovedTime : TimeProvider
{
    private long _ahead;

    private TimeSpan Ahead => new(Volatile.Read(ref _ahead));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    /// <summary>Pauses are over when the time was moved past them.</summary>
    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    /// <summary>A clock that shows the same time and is not moved along.</summary>
    public MovedTime LeaveBehind() => new() { _ahead = Volatile.Read(ref _ahead) };
}
