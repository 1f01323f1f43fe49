using System.Diagnostics;
using System.Globalization;

namespace DpopHttp.Tokens.Tests.Support;

/// <summary>Another process that uses tokens: DpopHttp.TokenProcess. It ends with this object, at the latest.</summary>
internal sealed class OtherProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private OtherProcess(Process process) => _process = process;

    /// <summary>Of the key that it signs with, if it said so.</summary>
    public string Thumbprint { get; private set; } = "";

    /// <summary>How long a call has taken at most.</summary>
    public TimeSpan Slowest { get; private set; }

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "DpopHttp.TokenProcess.exe" : "DpopHttp.TokenProcess");

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<OtherProcess> StartAsync(string[] arguments, string clientSecret = "", string? nonces = null)
    {
        ProcessStartInfo start = new(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["CLIENT_SECRET"] = clientSecret,
                ["NONCES"] = nonces,

                // Its sockets would stay behind in the temporary directory after a kill.
                ["DOTNET_EnableDiagnostics"] = "0",
            },
        };
        OtherProcess process = new(Process.Start(start)!);
        try
        {
            string[] words = (await process.ReadLineAsync()).Split(' ');
            Assert.Equal("ready", words[0]);
            process.Thumbprint = words.ElementAtOrDefault(1) ?? "";
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Lets it make some calls, one after the other. None may fail.</summary>
    public async Task CallAsync(int calls)
    {
        await _process.StandardInput.WriteLineAsync($"call {calls}");
        string[] words = (await ReadLineAsync()).Split(' ', 3);
        TimeSpan slowest = TimeSpan.FromMilliseconds(long.Parse(words[1], CultureInfo.InvariantCulture));
        Slowest = slowest > Slowest ? slowest : Slowest;
        Assert.True(words[0] == calls.ToString(CultureInfo.InvariantCulture), $"{words[0]} of {calls} calls went well. The first fault: {words[2]}");
    }

    public async Task<string> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "";

    /// <summary>SIGKILL: no code of the process runs any more. The lines that it had printed.</summary>
    public async Task<string[]> KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return (await _process.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
