namespace DpopHttp.Shared;

/// <summary>Work that any number of callers wait for.</summary>
internal static class SharedWork
{
    /// <summary>
    /// Begins the work on the pool. Whoever waits goes on apart from the others: on the thread that ends the work, one whose code takes long would hold them up. An exception is
    /// theirs; if nobody waits, it is not an unobserved one.
    /// </summary>
    public static Task<T> Begin<T>(Func<Task<T>> work)
    {
        TaskCompletionSource<T> end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Task.Run(work).ContinueWith(
            done =>
            {
                end.SetFromTask(done);
                _ = end.Task.Exception;
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return end.Task;
    }

    /// <inheritdoc cref="Begin{T}"/>
    public static Task Begin(Func<Task> work) => Begin(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });
}
