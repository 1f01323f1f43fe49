using DpopHttp.Shared;

namespace DpopHttp.Origins;

/// <summary>
/// A store as one origin uses it. What it throws is reported, what takes too long is left behind, and after a failure no origin asks it for a while: no call fails by it,
/// and a store that is gone doesn't cost each call its time.
/// </summary>
internal sealed class GuardedNonceStore(DpopNonceStore store, TimeProvider time, Action<Exception> report)
{
    /// <summary>Nobody waits longer for one loading or saving.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    /// <summary>Whether it isn't to be asked now.</summary>
    public bool Rests => store.Rest.Lasts;

    /// <summary>What the call gives, or null if it fails or takes too long. Such a call may still be under way then.</summary>
    /// <param name="nonce">The nonce that the store is given, which what is reported may not quote.</param>
    /// <param name="call">Calls the store.</param>
    public async Task<string?> TryAsync(string? nonce, Func<DpopNonceStore, CancellationToken, Task<string?>> call)
    {
        CancellationTokenSource limit = new();

        // On the pool: a store may block, or wait for a context that the caller's thread keeps busy.
        Task<string?> running = Task.Run(() => call(store, limit.Token)).Observed();
        try
        {
            return await running.WaitAsync(LongestWait, time).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            bool tookTooLong = exception is TimeoutException && !running.IsCompleted;
            store.Rest.Begin(time);
            Exception thrown = nonce is null ? exception : StoreFault.Without(nonce, "nonce", exception);
            report(tookTooLong ? new TimeoutException($"The store took longer than {LongestWait.TotalSeconds} s.") : thrown);
            if (tookTooLong)
            {
                // What the store does when it is cancelled is its own affair, and takes its own time.
                _ = limit.CancelAsync().Observed();
            }

            return null;
        }
    }

    /// <summary>Tells of what the store gave although it makes no sense. It may be asked again.</summary>
    public void Report(Exception fault) => report(fault);
}
