using System.Text.RegularExpressions;

namespace DpopHttp.Tool.Tests.Tour;

/// <summary>Commands of docs/tool.md, and lines that they must print.</summary>
/// <param name="Commands">What a reader types.</param>
/// <param name="Output">Lines of the output in any place; an ellipsis stands for any text.</param>
/// <param name="ExitCode">What the last command ends with.</param>
/// <param name="IsBackground">Whether they run in another terminal until the end of the tour.</param>
/// <param name="Variable">What the first address that they print is called from then on.</param>
internal sealed partial record TourBlock(string Commands, string[] Output, int ExitCode, bool IsBackground, string? Variable)
{
    public static IReadOnlyList<TourBlock> Read(string markdown) =>
    [
        .. BlockPattern().Matches(markdown).Select(match => new TourBlock(
            match.Groups["commands"].Value,
            match.Groups["output"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            match.Groups["note"].Value.Contains("exits with 1", StringComparison.Ordinal) ? 1 : 0,
            match.Groups["note"].Value.Contains("background", StringComparison.Ordinal),
            VariablePattern().Match(match.Groups["note"].Value) is { Success: true } name ? name.Groups[1].Value : null)),
    ];

    /// <summary>The lines that aren't in the text.</summary>
    public IEnumerable<string> Missing(string text)
    {
        string[] lines = text.Split('\n');
        return Output.Where(expected =>
        {
            string pattern = "^" + string.Join(".*", expected.Trim().Split('…').Select(Regex.Escape)) + "$";
            return !lines.Any(line => Regex.IsMatch(line.Trim(), pattern));
        });
    }

    [GeneratedRegex(@"(?:<!-- (?<note>[^>]*) -->\n)?```bash\n(?<commands>.*?)```\n(?:```output\n(?<output>.*?)```\n)?", RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("background ([A-Z]+)")]
    private static partial Regex VariablePattern();
}
