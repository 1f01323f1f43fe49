namespace DpopHttp.Benchmarks.Uploads;

/// <summary>Measures the process's memory several times a second and keeps the peak. On a thread of its own, which no upload holds up.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly ManualResetEventSlim _isOver = new();
    private readonly Thread _thread;

    public MemoryWatch()
    {
        _thread = new Thread(Watch) { IsBackground = true };
        _thread.Start();
    }

    public MemoryLevel Peak { get; private set; }

    public void Dispose()
    {
        _isOver.Set();
        _thread.Join();
        _isOver.Dispose();
    }

    private void Watch()
    {
        do
        {
            Peak = Peak.Max(MemoryLevel.Measure());
        }
        while (!_isOver.Wait(Interval));
    }
}
