namespace DpopHttp.Origins;

/// <summary>
/// While nothing is known of an origin, one request goes ahead and the others wait for what it learns: N first requests then cost one
/// challenge and not N.
/// </summary>
internal sealed class ColdStart
{
    /// <summary>Nobody waits longer, and nobody for a request that has been under way for longer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile bool _isOver;
    private TaskCompletionSource? _lead;
    private long _leadBegan;

    public bool IsOver => _isOver;

    /// <summary>Waits while another leads. True: the caller leads now, and must call <see cref="End"/> or <see cref="LetNextLead"/>.</summary>
    public async ValueTask<bool> EnterAsync(TimeProvider time, bool async, CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return false;
        }

        long arrived = time.GetTimestamp();
        while (true)
        {
            Task lead;
            TimeSpan left;
            lock (_gate)
            {
                if (_isOver)
                {
                    return false;
                }

                if (_lead is null)
                {
                    _lead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    _leadBegan = time.GetTimestamp();
                    return true;
                }

                lead = _lead.Task;
                left = LongestWait - time.GetElapsedTime(Math.Min(arrived, _leadBegan));
            }

            if (left <= TimeSpan.Zero || !await WaitAsync(lead, left, time, async, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
    }

    /// <summary>The origin has answered somebody: nobody waits for it any more.</summary>
    public void End()
    {
        if (!_isOver)
        {
            Release(isOver: true);
        }
    }

    /// <summary>The leader got no answer: the next one leads.</summary>
    public void LetNextLead() => Release(isOver: false);

    private void Release(bool isOver)
    {
        TaskCompletionSource? lead;
        lock (_gate)
        {
            _isOver |= isOver;
            lead = _lead;
            _lead = null;
        }

        lead?.TrySetResult();
    }

    /// <summary>False: the time is up.</summary>
    private static async ValueTask<bool> WaitAsync(Task lead, TimeSpan left, TimeProvider time, bool async, CancellationToken cancellationToken)
    {
        Task wait = lead.WaitAsync(left, time, cancellationToken);
        await EndOf.WaitAsync(wait, async).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return wait.IsCompletedSuccessfully;
    }
}
