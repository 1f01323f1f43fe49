using System.Diagnostics;
using System.Net;
using System.Text.Json;
using DpopHttp.Tests.Support;

namespace DpopHttp.OpenIdConnect.Tests.Samples;

/// <summary>samples/WebApp, samples/SignInServer and samples/Api as processes of their own, and two people in Chromium.</summary>
public sealed class WebAppTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly List<Process> _processes = [];

    private static string Root { get; } = Path.GetFullPath(Path.Combine(NodeRequirement.Folder, "../../.."));

    private static string Scripts { get; } = Path.Combine(Root, "tests/DpopHttp.OpenIdConnect.Tests/browser");

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

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Two_users_order_outlive_their_tokens_and_sign_out()
    {
        NodeRequirement.Demand();
        string chromium = Demand();
        string server = FreeAddress(), api = FreeAddress(), app = FreeAddress();
        await StartAsync("SignInServer", $"--Urls={server}", "--TokenSeconds=5");
        await StartAsync("Api", $"--Urls={api}", $"--Authority={server}", "--Dpop:Nonces=Required");
        await StartAsync("WebApp", $"--Urls={app}", $"--Authority={server}", $"--Api={api}");

        using Process node = Process.Start(new ProcessStartInfo("node", ["sign-in.mjs", JsonSerializer.Serialize(new { app, chromium, folder = _folder })])
        {
            WorkingDirectory = Scripts,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = node.StandardOutput.ReadToEndAsync(), errors = node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(node.ExitCode == 0, await errors);

        JsonElement[] seen = JsonSerializer.Deserialize<JsonElement[]>(await output)!;
        Assert.Equal(["alice", "bob"], seen.Select(user => user.GetProperty("name").GetString()));
        Assert.All(seen, user =>
        {
            Assert.All(user.GetProperty("statuses").EnumerateArray(), status => Assert.Equal(200, status.GetInt32()));
            Assert.Contains("flat white", user.GetProperty("list").ToString());
            Assert.Contains("green tea", user.GetProperty("list").ToString());
            Assert.DoesNotContain(".AspNetCore.cookie", user.GetProperty("cookies").ToString());
            Assert.EndsWith(" orders", user.GetProperty("exported").GetString());
        });
    }

    /// <summary>Skips the test when something is missing, or fails it where CI is set to true.</summary>
    private static string Demand()
    {
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

    private static string FreeAddress() => $"http://127.0.0.1:{FreePort.Find()}";

    /// <summary>Starts a sample, and waits for what it says last.</summary>
    private async Task StartAsync(string sample, params string[] arguments)
    {
        // bin/Debug/net10.0 and the like: as this project was built.
        string built = Path.GetRelativePath(Path.Combine(Root, "tests/DpopHttp.OpenIdConnect.Tests"), AppContext.BaseDirectory);
        string folder = Path.Combine(Root, "samples", sample);
        Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder, built, sample + ".dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        _processes.Add(process);
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            Assert.True(line is not null, $"{sample} ended.");
        }
        while (!line.Contains("Ctrl+C ends it.", StringComparison.Ordinal));

        _ = process.StandardOutput.ReadToEndAsync();
    }
}
