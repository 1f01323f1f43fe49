namespace DpopHttp.Tool.Http;

/// <summary>How long a server may take to answer one request. The time stands still while a body is read from its source: an upload takes as long as it takes.</summary>
internal sealed class AnswerTimer(TimeSpan timeout) : IDisposable
{
    private readonly CancellationTokenSource _limit = new();
    private readonly Lock _gate = new();
    private bool _isOver;

    /// <summary>A body whose time doesn't count. When it is read to its end, the time begins anew.</summary>
    public Stream Watch(Stream body) => new ObservedStream(body, () => Begin(Timeout.InfiniteTimeSpan), count => Begin(count == 0 ? timeout : Timeout.InfiniteTimeSpan));

    /// <summary>Waits for the answer.</summary>
    /// <exception cref="TimeoutException">The time is over.</exception>
    public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
        Begin(timeout);
        try
        {
            return await ask(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (_limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server hasn't answered within {timeout.TotalSeconds:0} seconds. --timeout gives it longer.", exception);
        }
        finally
        {
            Begin(Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What is left of a body may be read after the answer.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            _limit.Dispose();
        }
    }

    private void Begin(TimeSpan time)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                _limit.CancelAfter(time);
            }
        }
    }
}
