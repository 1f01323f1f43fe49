namespace DpopHttp.Origins;

/// <summary>An origin's time less ours, as far as a refusal has shown it and a proof by it was accepted.</summary>
internal sealed class ServerClock
{
    /// <summary>Clocks are set meanwhile: an offset that is older is measured anew when a proof is refused.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromHours(1);

    private Measured? _measured;

    /// <summary>What to add to our time.</summary>
    public TimeSpan Offset(TimeProvider time) =>
        Volatile.Read(ref _measured) is { } measured && time.GetElapsedTime(measured.At) <= MaximumAge ? measured.Offset : TimeSpan.Zero;

    public void Learn(TimeSpan offset, TimeProvider time) => Volatile.Write(ref _measured, new Measured(offset, time.GetTimestamp()));

    public void Forget() => Volatile.Write(ref _measured, null);

    private sealed record Measured(TimeSpan Offset, long At);
}
