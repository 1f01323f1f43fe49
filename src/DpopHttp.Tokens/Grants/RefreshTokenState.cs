namespace DpopHttp.Tokens.Grants;

/// <summary>What a client with a refresh token has to know beyond a change of its options. It ends with the container, after what is under way.</summary>
internal sealed class RefreshTokenState : IDisposable, IAsyncDisposable
{
    /// <summary>When the container ends: what is under way may bring a refresh token that takes the place of the one that is stored.</summary>
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>What the server gave last, while the store could not keep it: the one before, which the store still has, may be used up.</summary>
    public (string Before, DpopRefreshToken Next)? Unsaved { get; set; }

    /// <summary>The key that the refresh token is bound to: after a rotation nothing else in the process may hold it.</summary>
    public DpopKey? BoundKey { get; set; }

    public async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => End(_turn.Wait(ShutdownTimeout));

    public async ValueTask DisposeAsync() => End(await _turn.WaitAsync(ShutdownTimeout).ConfigureAwait(false));

    private void End(bool hasTurn)
    {
        if (hasTurn)
        {
            _turn.Dispose();
        }
    }
}
