using System.Collections.Concurrent;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>A store that fails where a test wants it. It ends what it does with the token that it is given, as a database does.</summary>
internal sealed class TestStore : DpopSessionStore
{
    private readonly ConcurrentDictionary<string, byte[]> _sessions = new(StringComparer.Ordinal);

    /// <summary>Is called before anything is done: with "load", "save", "remove" or "lock".</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Is called when a session was read, before it is given.</summary>
    public Func<Task> AfterLoad { get; set; } = () => Task.CompletedTask;

    /// <summary>Is called when a session is saved.</summary>
    public Func<Task> AfterSave { get; set; } = () => Task.CompletedTask;

    /// <summary>Gives a lock back.</summary>
    public Func<Task> Release { get; set; } = () => Task.CompletedTask;

    public ConcurrentQueue<string> Done { get; } = [];

    public bool Has(string session) => _sessions.ContainsKey(session);

    public byte[] Read(string session) => _sessions[session];

    public void Write(string session, byte[] content) => _sessions[session] = content;

    public override async ValueTask<byte[]?> LoadAsync(string session, CancellationToken cancellationToken)
    {
        await BeginAsync("load", cancellationToken);
        byte[]? content = _sessions.GetValueOrDefault(session);
        await AfterLoad();
        return content;
    }

    public override async ValueTask SaveAsync(string session, byte[] content, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await BeginAsync("save", cancellationToken);
        _sessions[session] = content;
        await AfterSave();
    }

    public override async ValueTask RemoveAsync(string session, CancellationToken cancellationToken)
    {
        await BeginAsync("remove", cancellationToken);
        _sessions.TryRemove(session, out _);
    }

    public override async ValueTask<IAsyncDisposable?> LockAsync(string session, CancellationToken cancellationToken)
    {
        await BeginAsync("lock", cancellationToken);
        return new TakenLock(Release);
    }

    private async Task BeginAsync(string what, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Before(what).WaitAsync(cancellationToken);
        Done.Enqueue(what);
    }

    private sealed class TakenLock(Func<Task> release) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await release();
    }
}
