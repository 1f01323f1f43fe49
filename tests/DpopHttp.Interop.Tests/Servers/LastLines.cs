using System.Collections.Concurrent;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>The last lines that a process wrote to stderr, for messages.</summary>
internal sealed class LastLines
{
    private const int Capacity = 40;

    private readonly ConcurrentQueue<string> _lines = new();

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (_lines.Count > Capacity)
        {
            _lines.TryDequeue(out string? _);
        }
    }

    public override string ToString() => $"Its last lines on stderr:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}";
}
