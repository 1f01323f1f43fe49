namespace DpopHttp.NonceStores;

/// <summary>The time after a store has failed in which nobody asks it.</summary>
internal sealed class StoreRest
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>By the clock of whoever noticed it.</summary>
    private volatile Failure? _last;

    public bool Lasts => _last is { } last && last.Clock.GetElapsedTime(last.Timestamp) < Length;

    public void Begin(TimeProvider clock) => _last = new Failure(clock, clock.GetTimestamp());

    private sealed record Failure(TimeProvider Clock, long Timestamp);
}
