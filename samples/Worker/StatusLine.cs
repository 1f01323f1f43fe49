namespace Worker;

/// <summary>Shows the tally: on a terminal as one line that is written over, else as a line now and then.</summary>
internal sealed class StatusLine(Tally tally) : IDisposable
{
    /// <summary>In a file or a pipe each line stays.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly long _began = TimeProvider.System.GetTimestamp();
    private TimeSpan _shown;

    public void Show()
    {
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(_began);
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r{elapsed:mm\\:ss}  {tally} ");
        }
        else if (elapsed - _shown >= Pace)
        {
            _shown = elapsed;
            Console.WriteLine($"{elapsed:mm\\:ss}  {tally}");
        }
    }

    /// <summary>What is printed next begins on a line of its own.</summary>
    public void Dispose()
    {
        if (!Console.IsOutputRedirected)
        {
            Console.WriteLine();
        }
    }
}
