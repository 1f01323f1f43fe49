using System.Diagnostics;
using System.Reflection;

namespace DpopHttp.Tool.Tests.Tour;

/// <summary>The tool as users install it: packed into a folder, and installed from there.</summary>
internal static class PackedTool
{
    public static string Root => FindRoot(AppContext.BaseDirectory);

    /// <summary>Packs and installs it, and returns the directory of the command.</summary>
    public static async Task<string> InstallAsync(string folder)
    {
        string configuration = typeof(PackedTool).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

        // A version of its own, so that no other package of the same version is taken from a cache.
        string version = $"0.0.0-tour.{Guid.NewGuid():N}";
        string feed = Path.Combine(folder, "feed");
        await RunAsync(folder, "dotnet", "pack", Path.Combine(Root, "src", "DpopHttp.Tool"), "--no-build", "-c", configuration, "-o", feed, $"-p:PackageVersion={version}");
        string settings = Path.Combine(folder, "nuget.config");
        await File.WriteAllTextAsync(settings, $"""<configuration><packageSources><clear/><add key="local" value="{feed}"/></packageSources></configuration>""");
        string tools = Path.Combine(folder, "tools");
        await RunAsync(folder, "dotnet", "tool", "install", "DpopHttp.Tool", "--version", version, "--tool-path", tools, "--configfile", settings);
        return tools;
    }

    public static async Task<(int ExitCode, string Output)> StartAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(15));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return (process.ExitCode, await output + await error);
    }

    private static async Task RunAsync(string folder, string command, params string[] arguments)
    {
        ProcessStartInfo start = new(command, arguments) { WorkingDirectory = folder };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        (int exitCode, string output) = await StartAsync(start);
        Assert.True(exitCode == 0, $"{command} {string.Join(' ', arguments)}: {output}");
    }

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "DpopHttp.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no DpopHttp.sln above the tests."));
}
