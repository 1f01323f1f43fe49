namespace DpopHttp.Packages.Tests.Support;

/// <summary>A project that somebody starts in an empty folder, with the packages of the feed beside those that are served.</summary>
internal sealed class NewApp
{
    private readonly DirectoryInfo _folder;
    private readonly Dictionary<string, string> _environment;

    private NewApp(DirectoryInfo folder, Dictionary<string, string> environment)
    {
        _folder = folder;
        _environment = environment;
    }

    /// <param name="packages">Each as its name and version; a package of the feed without the version.</param>
    /// <param name="program">The text of Program.cs.</param>
    public static async Task<NewApp> BuildAsync(PackageFeed feed, string name, string sdk, string[] packages, string program)
    {
        // What is restored from the feed is kept in a folder of the test's own; what this machine has already is taken from there.
        NewApp app = new(feed.CreateFolder(name), new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = feed.CreateFolder("packages").FullName,
            ["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        });
        IEnumerable<string> references = packages.Select(package => package.Split(' ')).Select(parts =>
            $"    <PackageReference Include=\"{parts[0]}\" Version=\"{(parts.Length > 1 ? parts[1] : feed.Version)}\" />\n");
        await app.WriteAsync($"{name}.csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
            {string.Concat(references)}  </ItemGroup>
            </Project>

            """);
        await app.WriteAsync("Program.cs", program);
        await Dotnet.RunAsync(
            app._folder.FullName, ["build", "-warnaserror", $"-p:RestoreAdditionalProjectSources={feed.Path}", "-nodeReuse:false"], app._environment);
        return app;
    }

    /// <returns>What the program printed.</returns>
    public Task<string> RunAsync(params string[] arguments) =>
        Dotnet.RunAsync(_folder.FullName, [Path.Combine(_folder.FullName, $"bin/Debug/net10.0/{_folder.Name}.dll"), .. arguments], _environment);

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Combine(_folder.FullName, file), text);
}
