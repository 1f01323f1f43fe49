namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>Programs that the tests need; without one its tests are skipped, but fail in CI.</summary>
internal static class Tools
{
    /// <summary>The folder with the scripts for Node, absolute.</summary>
    public static string NodeFolder { get; } = Path.Combine(Repository.Root, "tests/DpopHttp.AspNetCore.Tests/node");

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
}
