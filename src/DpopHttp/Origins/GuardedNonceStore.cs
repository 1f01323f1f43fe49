namespace DpopHttp.Origins;

/// <summary>
/// A store as one origin uses it. What it throws is reported, what takes too long is left behind, and after a failure it isn't asked for a while: no call fails by it,
/// and a store that is gone doesn't cost each call its time.
/// </summary>
internal sealed class GuardedNonceStore(DpopNonceStore store, TimeProvider time, Action<Exception> report)
{
    /// <summary>Nobody waits longer for one loading or saving.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    public static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(30);

    /// <summary>The timestamp of the last failure, or zero.</summary>
    private long _failed;

    /// <summary>Whether it isn't to be asked now.</summary>
    public bool Rests => Volatile.Read(ref _failed) is var failed and not 0 && time.GetElapsedTime(failed) < RestAfterFailure;

    /// <summary>What the call gives, or null if it fails or takes too long. Such a call may still be under way then.</summary>
    /// <param name="nonce">The nonce that the store is given, which what is reported may not quote.</param>
    /// <param name="call">Calls the store.</param>
    public async Task<string?> TryAsync(string? nonce, Func<DpopNonceStore, CancellationToken, Task<string?>> call)
    {
        CancellationTokenSource limit = new(LongestWait, time);

        // On the pool: a store may block, or wait for a context that the caller's thread keeps busy.
        Task<string?> running = Task.Run(() => call(store, limit.Token));
        try
        {
            return await running.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Volatile.Write(ref _failed, Math.Max(1, time.GetTimestamp()));
            report(exception switch
            {
                _ when limit.IsCancellationRequested => new TimeoutException($"The store took longer than {LongestWait.TotalSeconds} s."),
                _ when nonce is not null && exception.ToString().Contains(nonce, StringComparison.Ordinal) =>
                    new InvalidOperationException($"The store threw {exception.GetType()}, whose text is left out: it quotes the nonce."),
                _ => exception,
            });
            return null;
        }
        finally
        {
            _ = running.ContinueWith(
                ended =>
                {
                    // An exception that nobody looks at would be reported as unobserved.
                    _ = ended.Exception;
                    limit.Dispose();
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    /// <summary>Tells of what the store gave although it makes no sense. It may be asked again.</summary>
    public void Report(Exception fault) => report(fault);
}
