using System.Diagnostics;
using System.Text.Json;
using DpopHttp.Tests.Support;

namespace DpopHttp.OpenIdConnect.Tests.Samples;

/// <summary>Samples as processes of their own, and scripts that use them in Chromium. They end with this object, at the latest.</summary>
internal sealed class SampleProcesses : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly List<Process> _processes = [];

    /// <summary>For screenshots.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory().FullName;

    /// <summary>The file with the certificate that the samples trust beside none else; null: those of the system.</summary>
    public string? Trusted { get; init; }

    private static string Root { get; } = Path.GetFullPath(Path.Combine(NodeRequirement.Folder, "../../.."));

    private static string Scripts { get; } = Path.Combine(Root, "tests/DpopHttp.OpenIdConnect.Tests/browser");

    public static string FreeAddress() => $"http://127.0.0.1:{FreePort.Find()}";

    /// <summary>Skips the test when something is missing, or fails it where CI is set to true.</summary>
    /// <returns>Where Chromium is.</returns>
    public static string DemandChromium()
    {
        NodeRequirement.Demand();
        string? chromium = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }, Path.Combine).FirstOrDefault(File.Exists);
        string? missing = chromium is null ? "Chromium was not found on the PATH."
            : !Directory.Exists(Path.Combine(Scripts, "node_modules")) ? $"The packages of the browser script are not installed. Run 'npm ci' in {Scripts}." : null;
        if (missing is not null)
        {
            Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), missing);
            Assert.Skip(missing);
        }

        return chromium!;
    }

    /// <summary>Starts a sample, and waits for what it says last.</summary>
    /// <returns>Its process, which ends with this object at the latest.</returns>
    public async Task<Process> StartAsync(string sample, params string[] arguments)
    {
        // bin/Debug/net10.0 and the like: as this project was built.
        string built = Path.GetRelativePath(Path.Combine(Root, "tests/DpopHttp.OpenIdConnect.Tests"), AppContext.BaseDirectory);
        string folder = Path.Combine(Root, "samples", sample);
        ProcessStartInfo start = new("dotnet", [Path.Combine(folder, built, sample + ".dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        if (Trusted is not null)
        {
            start.Environment["SSL_CERT_FILE"] = Trusted;
        }

        Process process = Process.Start(start)!;
        _processes.Add(process);
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            Assert.True(line is not null, $"{sample} ended.");
        }
        while (!line.Contains("Ctrl+C ends it.", StringComparison.Ordinal));

        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    /// <summary>Runs a script with Chromium.</summary>
    /// <returns>The JSON that it printed.</returns>
    public async Task<JsonElement> BrowseAsync(string script, string app, string chromium)
    {
        using Process node = Process.Start(new ProcessStartInfo("node", [script, JsonSerializer.Serialize(new { app, chromium, folder = Folder })])
        {
            WorkingDirectory = Scripts,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(), errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(node.ExitCode == 0, await errors);
        return JsonSerializer.Deserialize<JsonElement>(await output);
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
