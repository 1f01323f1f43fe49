using System.Text.RegularExpressions;

namespace DpopHttp.Integrations.Tests;

/// <summary>Every block of the page stands in a test that runs it.</summary>
public sealed partial class PageTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Blocks =>
        [.. Block().Matches(File.ReadAllText(Path.Combine(Root, "docs/integrations.md"))).Select(match => match.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_is_code_that_a_test_runs(string block)
    {
        IEnumerable<string> sources = new[] { "tests/DpopHttp.Integrations.Tests", "tests/DpopHttp.Interop.Tests/Grants", "samples/Mcp" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(path => !path.EndsWith("PageTests.cs", StringComparison.Ordinal))
            .Select(path => Space().Replace(File.ReadAllText(path), " "));
        Assert.Contains(sources, source => source.Contains(Space().Replace(block, " ").Trim(), StringComparison.Ordinal));
    }

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^```cs\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
