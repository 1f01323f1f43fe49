using System.Diagnostics.CodeAnalysis;

namespace DpopHttp.Tokens.RefreshTokens;

[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing of the system's while nobody asks for its handle.")]
internal sealed class MemoryStore(DpopRefreshToken? token) : DpopRefreshTokenStore
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile DpopRefreshToken? _token = token;

    public override ValueTask<DpopRefreshToken?> LoadAsync(CancellationToken cancellationToken) => new(_token);

    public override ValueTask SaveAsync(DpopRefreshToken token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        _token = token;
        return default;
    }

    public override async ValueTask<IAsyncDisposable?> LockAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Hold(_turn);
    }

    private sealed class Hold(SemaphoreSlim turn) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            turn.Release();
            return default;
        }
    }
}
