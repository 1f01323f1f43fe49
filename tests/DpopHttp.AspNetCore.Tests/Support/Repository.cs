namespace DpopHttp.AspNetCore.Tests.Support;

/// <summary>Where things are on this machine.</summary>
internal static class Repository
{
    // A deterministic build maps source paths, so [CallerFilePath] names a folder that does not exist.
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as these tests are.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The built program of a sample.</summary>
    public static string Sample(string name) => Path.Combine(Root, "samples", name, "bin", Configuration, "net10.0", $"{name}.dll");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' holds DpopHttp.sln: build the tests inside the repository.");
    }
}
