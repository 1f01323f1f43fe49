namespace DpopHttp.Origins;

/// <summary>Waits until a task has ended, however it did.</summary>
internal static class EndOf
{
    public static async ValueTask WaitAsync(Task task, bool async)
    {
        if (async)
        {
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else
        {
            // Unlike a wait for the task's handle, this tells the pool that one of its threads is held, and it gets others to work.
            Task.WhenAny(task).Wait(CancellationToken.None);
        }

        // An exception that nobody looks at would be reported as unobserved.
        _ = task.Exception;
    }
}
