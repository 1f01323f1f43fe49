namespace DpopHttp.Shared;

/// <summary>Work that goes on when nobody waits for it any more.</summary>
internal static class ObservedTask
{
    /// <summary>Whoever waits gets the exception; if nobody does, it is not an unobserved one.</summary>
    public static T Observed<T>(this T task)
        where T : Task
    {
        task.ContinueWith(static done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return task;
    }
}
