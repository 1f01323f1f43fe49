using StackExchange.Redis;

namespace DpopHttp.Redis;

/// <summary>A connection that is made when it is needed first, and tried again when that fails.</summary>
internal sealed class RedisConnection(Func<Task<IConnectionMultiplexer>> connect, bool isOwned) : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _connection;

    private IConnectionMultiplexer? Owned => isOwned && _connection is { IsCompletedSuccessfully: true } made ? made.Result : null;

    public ValueTask<IConnectionMultiplexer> GetAsync()
    {
        lock (_gate)
        {
            if (_connection is null || _connection.IsFaulted || _connection.IsCanceled)
            {
                // Elsewhere: it may block, such as by ConnectionMultiplexer.Connect, and whoever waits has a limit.
                _connection = Task.Run(connect);
            }

            return new ValueTask<IConnectionMultiplexer>(_connection);
        }
    }

    public void Dispose() => Owned?.Dispose();

    public ValueTask DisposeAsync() => Owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
