using System.Diagnostics;
using System.Text;

namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>A program that a test starts. It ends with this object, at the latest.</summary>
internal sealed class Command : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private Command(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static Command Start(string program, string folder, string[] arguments, Dictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder };
        foreach ((string name, string value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return new Command(start);
    }

    /// <summary>Runs a program to its end, which must be a good one.</summary>
    public static async Task RunAsync(string program, string folder, string[] arguments, Dictionary<string, string>? environment = null)
    {
        using Command command = Start(program, folder, arguments, environment);
        await command._process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(10));
        Assert.True(command._process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {command.Output}");
    }

    /// <summary>Waits until the program has printed a text.</summary>
    public async Task SeeAsync(string text)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(5));
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited, $"It ended: {Output}");
            await Task.Delay(50, patience.Token);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
