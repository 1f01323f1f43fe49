namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>Programs that the tests need; without one its tests are skipped, but fail in CI.</summary>
internal static class Tools
{
    /// <summary>The folder with the scripts for Node, absolute.</summary>
    public static string NodeFolder { get; } = FindNodeFolder();

    /// <summary>The path of nginx.</summary>
    public static string DemandNginx() => Demand("nginx", "apt-get install nginx");

    /// <summary>The path of Node, when the packages of the scripts are there as well.</summary>
    public static string DemandNode()
    {
        // npm writes this file last, so it tells a complete installation from a broken one.
        if (!File.Exists(Path.Combine(NodeFolder, "node_modules", ".package-lock.json")))
        {
            Miss("The packages of the scripts are not installed. Run 'npm ci' in tests/DpopHttp.AspNetCore.Tests/node.");
        }

        return Demand("node", "Node 20.20 or later");
    }

    /// <summary>The path of Chromium.</summary>
    public static string DemandChromium() => Demand("chromium", "apt-get install chromium");

    private static string Demand(string program, string install)
    {
        string? path = $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}/usr/sbin"
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
        if (path is null)
        {
            Miss($"{program} is not on the PATH. Install it: {install}.");
        }

        return path!;
    }

    private static void Miss(string reason)
    {
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }

    // A deterministic build maps source paths, so [CallerFilePath] names a folder that does not exist.
    private static string FindNodeFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
            {
                return Path.Combine(folder.FullName, "tests/DpopHttp.AspNetCore.Tests/node");
            }
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' holds DpopHttp.sln: build the tests inside the repository.");
    }
}
