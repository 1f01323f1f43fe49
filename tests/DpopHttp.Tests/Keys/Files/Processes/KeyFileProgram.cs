using System.Diagnostics;

namespace DpopHttp.Tests.Keys.Files.Processes;

/// <summary>Another process that uses key files: DpopHttp.KeyFileProcess. It ends with this object, at the latest.</summary>
internal sealed class KeyFileProgram : IDisposable
{
    private static readonly TimeSpan MaximumDuration = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _timeout = new(MaximumDuration);
    private readonly Process _process;

    private KeyFileProgram(Process process) => _process = process;

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "DpopHttp.KeyFileProcess.exe" : "DpopHttp.KeyFileProcess");

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<KeyFileProgram> StartAsync(string program, string[] arguments)
    {
        KeyFileProgram process = new(Process.Start(StartInfo(program, arguments))!);
        try
        {
            Assert.Equal("ready", await process.ReadLineAsync());
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Runs it without input and returns the lines that it prints. Its errors are lines too.</summary>
    public static async Task<string[]> RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = StartInfo(program, arguments);
        start.RedirectStandardError = true;
        using KeyFileProgram process = new(Process.Start(start)!);
        process._process.StandardInput.Close();
        Task<string> errors = process._process.StandardError.ReadToEndAsync(process._timeout.Token);
        string[] lines = [.. await process.ReadToEndAsync()];
        string faults = await errors;
        Assert.True(lines.Length > 0 && faults.Length == 0, faults);
        return lines;
    }

    public void Command() => _process.StandardInput.WriteLine();

    /// <summary>SIGKILL: no code of the process runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(_timeout.Token);
    }

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(_timeout.Token);

    public async Task<List<string>> ReadToEndAsync()
    {
        List<string> lines = [];
        while (await ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _timeout.Dispose();
    }

    private static ProcessStartInfo StartInfo(string program, string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        Environment =
        {
            ["DOTNET_TieredPGO"] = "0",

            // Its sockets would stay behind in the temporary directory after a kill.
            ["DOTNET_EnableDiagnostics"] = "0",
        },
    };
}
