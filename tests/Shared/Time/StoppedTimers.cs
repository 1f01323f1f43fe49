namespace DpopHttp.Tests.Support;

/// <summary>The system's time of day, but time spans that never pass: the limits of the code under test are not to run out on a busy machine.</summary>
internal sealed class StoppedTimers : TimeProvider
{
    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
}
