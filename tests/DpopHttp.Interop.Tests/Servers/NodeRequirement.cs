using System.ComponentModel;
using System.Diagnostics;

namespace DpopHttp.Interop.Tests.Servers;

/// <summary>Decides whether Node and the packages of the scripts are there; without them tests are skipped, but fail in CI.</summary>
internal static class NodeRequirement
{
    private const string Root = "DpopHttp.sln";
    private const string ProjectPath = "tests/DpopHttp.Interop.Tests";

    // The first of line 20 that the servers were seen to work on.
    private static readonly Version LowestVersion = new(20, 20);

    private static readonly Lazy<string?> Missing = new(FindWhatIsMissing);

    public static bool IsMet => Missing.Value is null;

    /// <summary>The folder with the scripts, absolute.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>Skips the running test when something is missing, or fails it where CI is set to true.</summary>
    public static void Demand()
    {
        if (Missing.Value is not { } reason)
        {
            return;
        }

        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    // A deterministic build maps source paths, so [CallerFilePath] names a folder that does not exist.
    private static string FindFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Root)))
            {
                return Path.Combine(folder.FullName, ProjectPath, "node");
            }
        }

        throw new InvalidOperationException(
            $"No folder above '{AppContext.BaseDirectory}' holds {Root}: build the tests inside the repository.");
    }

    private static string? FindWhatIsMissing()
    {
        if (FindNodeVersion() is not { } version)
        {
            return $"Node was not found on the PATH. Install Node {LowestVersion} or later, then run 'npm ci' in {ProjectPath}/node.";
        }

        if (!Version.TryParse(version.TrimStart('v').Split('-')[0], out Version? number) || number < LowestVersion)
        {
            return $"Node '{version}' is too old. Install Node {LowestVersion} or later.";
        }

        // npm writes this file last, so it tells a complete installation from a broken one.
        return File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json"))
            ? null
            : $"The servers' packages are not installed. Run 'npm ci' in {ProjectPath}/node.";
    }

    private static string? FindNodeVersion()
    {
        try
        {
            using Process node = Process.Start(new ProcessStartInfo("node", "--version") { RedirectStandardOutput = true })!;
            string version = node.StandardOutput.ReadToEnd().Trim();
            node.WaitForExit();
            return version;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
