namespace DpopHttp.Tokens.Waiting;

/// <summary>A time in which something is not tried again. A clock that is set meanwhile makes it neither longer nor shorter.</summary>
internal sealed class Pause(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    /// <summary>In ticks after the origin.</summary>
    private long _end;

    public bool IsOver => Left <= TimeSpan.Zero;

    /// <summary>Zero or less: it is over.</summary>
    public TimeSpan Left => new TimeSpan(Volatile.Read(ref _end)) - time.GetElapsedTime(_origin);

    public void Begin(TimeSpan length) => Volatile.Write(ref _end, (time.GetElapsedTime(_origin) + length).Ticks);
}
