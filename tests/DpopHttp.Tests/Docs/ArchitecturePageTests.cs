using System.Xml.Linq;
using DpopHttp.Tests.Architecture;

namespace DpopHttp.Tests.Docs;

/// <summary>docs/architecture.md says of packages, rooms and files what is there.</summary>
public class ArchitecturePageTests
{
    private static readonly Page Architecture = Page.Read("docs/architecture.md");

    private static string Source => Path.Combine(DocumentationTests.Root, "src");

    /// <summary>The tables of rooms, by the folder that they are about.</summary>
    public static TheoryData<string> Folders => ["DpopHttp", "DpopHttp/Http", "DpopHttp.Tokens", "DpopHttp.Verification", "DpopHttp.AspNetCore"];

    [Fact]
    public void Every_file_that_is_named_exists()
    {
        string[] files = [.. Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetFileName(file))];
        string[] named = [.. Architecture.CodeSpans.Where(span => span.EndsWith(".cs", StringComparison.Ordinal))];
        Assert.Empty(named.Except(files));
        Assert.True(Architecture.Links.Count(link => link.EndsWith(".cs", StringComparison.Ordinal)) > 50);
    }

    [Fact]
    public void The_table_of_packages_has_them_all_and_what_each_of_them_knows()
    {
        string[] projects = [.. Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(
            projects.Select(project => $"{Path.GetFileNameWithoutExtension(project)}: {string.Join(", ", ReferencesOf(project))}"),
            Architecture.Rows("Packages").Select(row => $"{Page.Names(row[0])[0]}: {string.Join(", ", Page.Names(row[1]))}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Rooms_are_listed_from_the_ground_up_and_know_only_those_above_them_in_the_table(string folder)
    {
        List<string> rooms = [.. Architecture.Rows(folder).Select(row => Page.Names(row[0])[0])];
        FolderArrows arrows = FolderArrows.Of(Path.Combine(Source, folder.Split('/')[0]));
        (string Folder, string From, string To)[] inside = [.. arrows.All.Where(arrow => arrow.Folder == folder)];
        Assert.NotEmpty(inside);
        Assert.DoesNotContain(inside, arrow => rooms.IndexOf(arrow.From) < rooms.IndexOf(arrow.To));

        IEnumerable<string> actual = Directory.EnumerateDirectories(Path.Combine(Source, folder)).Select(room => Path.GetFileName(room)).Except(["bin", "obj"]);
        Assert.Equal(actual.Concat(inside.SelectMany(arrow => new[] { arrow.From, arrow.To })).Distinct().Order(), rooms.Order());
    }

    private static IEnumerable<string> ReferencesOf(string project) => XDocument.Load(project).Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
