namespace DpopHttp.Tokens.Waiting;

/// <summary>One body of code serves Send and SendAsync: told to be synchronous, it never awaits what isn't done.</summary>
internal static class Synchronous
{
    public static T Completed<T>(this ValueTask<T> task) => task.IsCompleted
        ? task.GetAwaiter().GetResult()
        : throw new InvalidOperationException("A synchronous send went asynchronous.");
}
