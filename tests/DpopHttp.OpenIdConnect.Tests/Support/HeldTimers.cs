namespace DpopHttp.OpenIdConnect.Tests.Support;

/// <summary>A clock whose time-outs pass when a test says so.</summary>
internal sealed class HeldTimers(TimeProvider clock) : TimeProvider
{
    private readonly List<(TimeSpan Due, Timer Timer)> _timers = [];

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Timer timer = new(() => callback(state));
        lock (_timers)
        {
            _timers.Add((dueTime, timer));
        }

        return timer;
    }

    /// <summary>Lets those pass that were begun by now and are due after so long.</summary>
    public void Pass(TimeSpan due)
    {
        Timer[] passed;
        lock (_timers)
        {
            passed = [.. _timers.Where(timer => timer.Due == due).Select(timer => timer.Timer)];
            _timers.RemoveAll(timer => timer.Due == due);
        }

        foreach (Timer timer in passed)
        {
            timer.Fire();
        }
    }

    private sealed class Timer(Action fire) : ITimer
    {
        private Action? _fire = fire;

        public void Fire() => Interlocked.Exchange(ref _fire, null)?.Invoke();

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _fire = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
