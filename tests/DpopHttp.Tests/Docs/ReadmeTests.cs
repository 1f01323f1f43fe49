namespace DpopHttp.Tests.Docs;

/// <summary>The README leads to all there is.</summary>
public class ReadmeTests
{
    private static readonly Page Readme = Page.Read("README.md");

    [Fact]
    public void Every_package_has_a_row()
    {
        IEnumerable<string> packages = Directory.EnumerateFiles(Path.Combine(DocumentationTests.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(packages.Order(StringComparer.Ordinal), Readme.Rows("Packages").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_page_is_linked() =>
        Assert.Empty(Page.Paths.Where(path => path.StartsWith("docs/", StringComparison.Ordinal) || path is "CONTRIBUTING.md" or "SECURITY.md").Except(Readme.Links));

    [Fact]
    public void Every_page_is_in_the_contents_of_the_site()
    {
        string contents = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs/site/pages.yml"));
        Assert.All(Page.Paths.Except(["README.md"]), path => Assert.Contains($" href: {Path.GetRelativePath("docs", path)}\n", contents, StringComparison.Ordinal));
    }
}
