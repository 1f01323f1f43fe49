using DpopHttp.Packages.Tests.Support;

[assembly: AssemblyFixture(typeof(PackageFeed))]

namespace DpopHttp.Packages.Tests.Support;

/// <summary>A folder of freshly made packages, as a release makes them, under a version that no machine has.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    public const string RepositoryUrl = "https://git.example.com/dpop/http";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("packages");

    public string Version { get; } = $"0.0.1-test.{Guid.NewGuid():N}";

    /// <summary>Where the packages are.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "feed");

    /// <summary>An empty folder, outside the repository.</summary>
    public DirectoryInfo CreateFolder(string name) => _folder.CreateSubdirectory(name);

    public Package Open(string name, string extension = "nupkg") => new(System.IO.Path.Combine(Path, $"{name}.{Version}.{extension}"));

    public async ValueTask InitializeAsync()
    {
        // One solution of what is packed, so that nothing else is built, and built apart from what the tests run beside.
        string solution = System.IO.Path.Combine(_folder.FullName, "packages.slnx");
        IEnumerable<string> projects = Repository.Packed.Values.Select(path => $"  <Project Path=\"{path}\" />\n");
        await File.WriteAllTextAsync(solution, $"<Solution>\n{string.Concat(projects)}</Solution>\n");
        await Dotnet.RunAsync(Repository.Root, ["pack", solution, .. Options(Path), $"-p:RepositoryUrl={RepositoryUrl}"]);
    }

    /// <summary>Packs one project once more, where no repository is named.</summary>
    public async Task<Package> PackWithoutRepositoryAsync(string name)
    {
        string feed = CreateFolder($"anonymous-{name}").FullName;
        await Dotnet.RunAsync(Repository.Root, ["pack", Repository.Packed[name], .. Options(feed)]);
        return new Package(System.IO.Path.Combine(feed, $"{name}.{Version}.nupkg"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private string[] Options(string feed) =>
    [
        "-c", "Release", "-o", feed, "--artifacts-path", System.IO.Path.Combine(_folder.FullName, "artifacts"), $"-p:Version={Version}",
        "-p:RunAnalyzers=false", "-nodeReuse:false",
    ];
}
