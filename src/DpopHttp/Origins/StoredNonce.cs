using DpopHttp.Shared;

namespace DpopHttp.Origins;

/// <summary>
/// The nonce that a store has of an origin for requests of one kind. It is loaded once, before the first of them, and saved when another one has come.
/// </summary>
internal sealed class StoredNonce(string name, NonceSpace space, GuardedNonceStore store, TimeProvider time)
{
    /// <summary>A server that gives a new nonce with each answer doesn't cause a write for each.</summary>
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task? _loading;
    private long? _saveBegan;
    private volatile bool _isSaving;

    /// <summary>What the store has, as far as this process knows.</summary>
    private volatile string? _saved;

    /// <summary>Waits until the store was asked, whoever asks it.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended. The loading goes on for others.</exception>
    public ValueTask LoadAsync(bool async, CancellationToken cancellationToken) =>
        Loading() is { IsCompleted: false } loading ? WaitForLoadingAsync(loading, async, cancellationToken) : default;

    /// <summary>Saves the newest nonce, unless the store has it or was written to just now. If the wait is ended, the saving goes on.</summary>
    public ValueTask SaveAsync(bool async, CancellationToken cancellationToken) =>
        space.OfAll is { IsFromStore: false } newest && newest.Value != _saved && !store.Rests && TryBeginSave()
            ? EndOf.WaitAsync(SharedWork.Begin(() => WriteAsync(newest.Value)).WaitAsync(cancellationToken), async)
            : default;

    private Task Loading()
    {
        if (Volatile.Read(ref _loading) is { } known)
        {
            return known;
        }

        lock (_gate)
        {
            if (space.OfAll is not null)
            {
                return _loading ??= Task.CompletedTask;
            }

            // Where the store rests, a later request asks it.
            return _loading ?? (store.Rests ? Task.CompletedTask : _loading = SharedWork.Begin(ReadAsync));
        }
    }

    private async Task ReadAsync()
    {
        if (await store.TryAsync(nonce: null, (inner, limit) => inner.LoadAsync(name, limit).AsTask()).ConfigureAwait(false) is not { } nonce)
        {
            return;
        }

        if (Nonce.IsWellFormed(nonce))
        {
            _saved = nonce;
            space.TakeStored(nonce);
        }
        else
        {
            store.Report(new InvalidDataException($"What the store has isn't a nonce ({nonce.Length} characters)."));
        }
    }

    private Task<string?> WriteAsync(string nonce) => store.TryAsync(nonce, async (inner, limit) =>
    {
        try
        {
            await inner.SaveAsync(name, nonce, limit).ConfigureAwait(false);
            return _saved = nonce;
        }
        finally
        {
            _isSaving = false;
        }
    });

    private bool TryBeginSave()
    {
        lock (_gate)
        {
            if (_isSaving || (_saveBegan is { } began && time.GetElapsedTime(began) < BetweenSaves))
            {
                return false;
            }

            _saveBegan = time.GetTimestamp();
            return _isSaving = true;
        }
    }

    private static async ValueTask WaitForLoadingAsync(Task loading, bool async, CancellationToken cancellationToken)
    {
        await EndOf.WaitAsync(loading.WaitAsync(cancellationToken), async).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
