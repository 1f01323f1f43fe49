using DpopHttp.Tests.Docs;

namespace DpopHttp.Tests.Architecture;

/// <summary>The rooms of each package can be understood one after the other: none needs a room that needs it.</summary>
public class FolderTests
{
    private static string Source => Path.Combine(DocumentationTests.Root, "src");

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_form_no_cycle(string project)
    {
        FolderArrows arrows = FolderArrows.Of(Path.Combine(Source, project));
        Assert.Empty(arrows.FindCycles());
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_has_more_than_twenty_files_of_its_own(string project)
    {
        IEnumerable<string> folders = Directory.EnumerateFiles(Path.Combine(Source, project), "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Where(folder => !folder.Contains("/obj/", StringComparison.Ordinal))
            .GroupBy(folder => folder)
            .Where(folder => folder.Count() > 20)
            .Select(folder => $"{folder.Key}: {folder.Count()}");
        Assert.Empty(folders);
    }

    [Theory]
    [InlineData("Keys", "DpopHttp.Origins", "OriginState")]
    [InlineData("Collections", "DpopHttp.Http.Bodies", "RequestBody")]
    [InlineData("Http/Bodies", "DpopHttp.Http", "Exchange")]
    [InlineData("Http/Challenges", "DpopHttp.Http.Replays", "Replay")]
    [InlineData("Keys/Algorithms", "DpopHttp", "DpopKeyFile")]
    public void A_forbidden_arrow_is_found_and_named(string folder, string imports, string type)
    {
        FolderArrows arrows = FolderArrows.Of(
            Path.Combine(Source, "DpopHttp"),
            ($"{folder}/Trespasser.cs", $"using {imports};\nnamespace DpopHttp.Trespass;\ninternal sealed class Trespasser {{ public {type}? It {{ get; set; }} }}"));
        Assert.True(arrows.Count > 20, "Hardly any arrows were found: the source was not understood.");
        Assert.Contains(arrows.FindCycles(), cycle => cycle.Contains($"Trespasser uses {type}", StringComparison.Ordinal));
    }
}
