using System.Diagnostics;
using System.Globalization;
using DpopHttp.OpenIdConnect.Tests.Support;

namespace DpopHttp.OpenIdConnect.Tests.Instances;

/// <summary>An instance of a web app in a process of its own: DpopHttp.WebAppProcess. It ends with this object, at the latest.</summary>
internal sealed class WebAppProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private WebAppProcess(Process process) => _process = process;

    public Uri Address { get; private set; } = null!;

    /// <summary>What it has said and logged so far.</summary>
    public string Output => string.Join('\n', _lines);

    private static string Program { get; } =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "DpopHttp.WebAppProcess.exe" : "DpopHttp.WebAppProcess");

    public static async Task<WebAppProcess> StartAsync(Site site, string redis, string folder, bool keyPerSession)
    {
        ProcessStartInfo start = new(Program, [site.AuthorizationServer.Issuer, site.AuthorizationServer.UserInfoEndpoint.AbsoluteUri, redis, folder, keyPerSession ? "session" : "app"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        WebAppProcess app = new(Process.Start(start)!);
        try
        {
            app.Address = new Uri((await app.ReadToAsync("ready "))["ready ".Length..]);
            return app;
        }
        catch
        {
            app.Dispose();
            throw;
        }
    }

    public Visitor Open() => new(Address, () => Output);

    public async Task AdvanceAsync(TimeSpan time)
    {
        await _process.StandardInput.WriteLineAsync(time.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        await ReadToAsync("moved");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task<string> ReadToAsync(string start)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            _lines.Add(line);
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The app ended: {Output}");
    }
}
