namespace DpopHttp.Tests.Docs;

/// <summary>Every link of the documentation to a file or a heading leads somewhere.</summary>
public class LinkTests
{
    public static TheoryData<string> Pages => [.. Page.Paths, .. Page.PackageReadmes];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_to_files_and_headings_that_exist(string path)
    {
        Page page = Page.Read(path);
        Assert.DoesNotContain(page.Links, link => !link.StartsWith("https://", StringComparison.Ordinal) && !Resolves(page, link));
    }

    [Fact]
    public void There_are_links_to_look_at() => Assert.True(Page.Paths.Sum(path => Page.Read(path).Links.Count) > 50);

    private static bool Resolves(Page page, string link)
    {
        string[] parts = link.Split('#', 2);
        string target = parts[0].Length == 0
            ? page.Path
            : Path.GetRelativePath(DocumentationTests.Root, Path.Combine(DocumentationTests.Root, Path.GetDirectoryName(page.Path)!, parts[0]));
        string file = Path.Combine(DocumentationTests.Root, target);
        return parts.Length == 1
            ? File.Exists(file) || Directory.Exists(file)
            : File.Exists(file) && Page.Read(target).Anchors.Contains(parts[1]);
    }
}
