using System.Text.RegularExpressions;

namespace DpopHttp.Tests.Docs;

/// <summary>One page of the documentation: its text without the code blocks, its links, headings and tables.</summary>
internal sealed partial class Page
{
    private readonly string _text;

    private Page(string path)
    {
        Path = path;
        _text = Fenced().Replace(File.ReadAllText(System.IO.Path.Combine(DocumentationTests.Root, path)).ReplaceLineEndings("\n"), "");
    }

    /// <summary>The pages at the root of the repository and in docs, by their paths.</summary>
    public static IEnumerable<string> Paths => new[] { "*.md", "docs/*.md" }
        .Select(pattern => System.IO.Path.Combine(DocumentationTests.Root, pattern))
        .SelectMany(pattern => Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(pattern)!, "*.md"))
        .Select(file => System.IO.Path.GetRelativePath(DocumentationTests.Root, file))
        .Order(StringComparer.Ordinal);

    /// <summary>The readmes of the packages, by their paths.</summary>
    public static IEnumerable<string> PackageReadmes => Directory.EnumerateDirectories(System.IO.Path.Combine(DocumentationTests.Root, "src"))
        .Select(folder => System.IO.Path.Combine(folder, "README.md"))
        .Where(File.Exists)
        .Select(file => System.IO.Path.GetRelativePath(DocumentationTests.Root, file))
        .Order(StringComparer.Ordinal);

    public string Path { get; }

    /// <summary>The targets of its links, as they are written.</summary>
    public IReadOnlyList<string> Links => [.. Link().Matches(_text).Select(match => match.Groups[1].Value)];

    /// <summary>What stands between single backticks.</summary>
    public IReadOnlyList<string> CodeSpans => [.. Code().Matches(_text).Select(match => match.Groups[1].Value)];

    /// <summary>What links can lead to.</summary>
    public IReadOnlyList<string> Anchors => [.. Heading().Matches(_text).Select(match => AnchorOf(match.Groups[1].Value))];

    public static Page Read(string path) => new(path);

    /// <summary>The rows of the tables below a heading, each as its cells, without the two rows at the top.</summary>
    public IReadOnlyList<string[]> Rows(string heading)
    {
        int begin = Heading().Matches(_text).Single(match => match.Groups[1].Value == heading).Index;
        Match next = Heading().Match(_text, _text.IndexOf('\n', begin));
        string section = next.Success ? _text[begin..next.Index] : _text[begin..];
        return [.. Row().Matches(section)
            .Select(match => match.Groups[1].Value.Split(" | ").Select(cell => cell.Trim()).ToArray())
            .Where(cells => cells[0].Contains('`', StringComparison.Ordinal))];
    }

    /// <summary>The code spans of a cell.</summary>
    public static IReadOnlyList<string> Names(string cell) => [.. Code().Matches(cell).Select(match => match.Groups[1].Value)];

    /// <summary>As GitHub makes them.</summary>
    private static string AnchorOf(string heading) => NotInAnchors().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\| (.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
