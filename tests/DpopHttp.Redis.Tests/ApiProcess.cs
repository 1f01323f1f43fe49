using System.Diagnostics;

namespace DpopHttp.Redis.Tests;

/// <summary>An instance of an API in a process of its own: DpopHttp.RedisProcess. It ends with this object, at the latest.</summary>
internal sealed class ApiProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ApiProcess(Process process) => _process = process;

    public Uri BaseAddress { get; private set; } = null!;

    /// <summary>What it has logged so far.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    private static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "DpopHttp.RedisProcess.exe" : "DpopHttp.RedisProcess");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="tokenKey">What access tokens are signed with.</param>
    /// <param name="isPatient">Whether it waits for Redis however busy the machine is.</param>
    public static async Task<ApiProcess> StartAsync(string redis, string tokenKey, bool isPatient)
    {
        ProcessStartInfo start = new(Program, isPatient ? [redis, "patient"] : [redis])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["TOKEN_KEY"] = tokenKey, ["DOTNET_EnableDiagnostics"] = "0" },
        };
        ApiProcess api = new(new Process { StartInfo = start });
        api._process.OutputDataReceived += (_, line) => api.Note(line.Data);
        api._process.Start();
        api._process.BeginOutputReadLine();
        try
        {
            api.BaseAddress = await api._ready.Task.WaitAsync(Patience);
            return api;
        }
        catch
        {
            api.Dispose();
            throw;
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
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException($"The API ended: {Output}"));
            return;
        }

        lock (_lines)
        {
            _lines.Add(line);
        }

        if (line.StartsWith("ready ", StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line["ready ".Length..]));
        }
    }
}
