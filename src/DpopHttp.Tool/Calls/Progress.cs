using System.Globalization;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Calls;

/// <summary>Shows how far a long transfer is, on a terminal and after the first second.</summary>
internal sealed class Progress(ToolConsole console, long? length, string verb)
{
    private const int BarWidth = 24;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _began = console.TimeProvider.GetTimestamp();
    private TimeSpan _next = TimeSpan.FromSeconds(1);
    private long _done;
    private bool _isShown;

    /// <summary>Counts what is read from a stream, where somebody can see it.</summary>
    public static Stream Of(ToolConsole console, Stream stream, long? length, string verb) =>
        console.Terminal.IsError ? new ObservedStream(stream, () => { }, new Progress(console, length, verb).Add) : stream;

    public void Add(int bytes)
    {
        _done += bytes;
        TimeSpan elapsed = console.TimeProvider.GetElapsedTime(_began);
        if (bytes == 0)
        {
            End();
        }
        else if (elapsed >= _next)
        {
            _isShown = true;
            _next = elapsed + Interval;
            console.Error.Write("\r" + Line(elapsed).PadRight(70));
        }
    }

    private void End()
    {
        if (_isShown)
        {
            _isShown = false;
            console.Error.Write("\r" + new string(' ', 70) + "\r");
        }
    }

    private string Line(TimeSpan elapsed)
    {
        string amount = $"{Size(_done)} {verb}, {Size((long)(_done / elapsed.TotalSeconds))}/s";
        if (length is not > 0)
        {
            return amount;
        }

        double part = Math.Clamp((double)_done / length.Value, 0, 1);
        int filled = (int)(part * BarWidth);
        return $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {part.ToString("0%", CultureInfo.InvariantCulture)}  {amount}";
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => $"{(bytes / 1e3).ToString("0", CultureInfo.InvariantCulture)} KB",
        < 1_000_000_000 => $"{(bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB",
        _ => $"{(bytes / 1e9).ToString("0.00", CultureInfo.InvariantCulture)} GB",
    };
}
