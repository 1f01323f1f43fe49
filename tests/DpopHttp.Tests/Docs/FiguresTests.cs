using System.Globalization;
using System.Text.RegularExpressions;
using DpopHttp.Http.Replays;
using DpopHttp.Origins;
using DpopHttp.Shared;

namespace DpopHttp.Tests.Docs;

/// <summary>Figures that the documentation gives are those of the code.</summary>
public partial class FiguresTests
{
    private static readonly string[] Words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

    /// <summary>Each reason once, and nonces.</summary>
    private static int Replays => ReplayBudget.NoncesPerCall + Enum.GetValues<ReplayReason>().Except([ReplayReason.None, ReplayReason.Nonce]).Count();

    /// <summary>Where there is no redirect, a nonce counts once.</summary>
    private static int AttemptsOfOneHop => 1 + Enum.GetValues<ReplayReason>().Except([ReplayReason.None]).Count();

    public static TheoryData<string, string> Figures => new()
    {
        { "SECURITY.md", $"its hops plus {Words[Replays]} requests" },
        { "SECURITY.md", $"that is {new SocketsHttpHandler().MaxAutomaticRedirections + 1 + Replays} requests" },
        { "SECURITY.md", $"sends at most {Words[AttemptsOfOneHop]}" },
        { "SECURITY.md", $"once for each hop and {Words[ReplayBudget.NoncesPerCall]} times in all" },
        { "SECURITY.md", $"more than {Number(Nonce.MaximumLength)} characters" },
        { "SECURITY.md", $"clipped to {ServerText.Clean(new string('a', 10_000))!.TrimEnd('…').Length} characters" },
        { "SECURITY.md", ClockOffset.Limit == TimeSpan.FromHours(1) && ServerClock.MaximumAge == TimeSpan.FromHours(1) ? "for an hour at most" : "another limit" },
        { "docs/architecture.md", $"its hops plus {Words[Replays]} requests" },
        { "docs/architecture.md", ColdStart.LongestWait == TimeSpan.FromSeconds(1) ? "one second at most" : "another wait" },
        { "docs/redirects.md", $"({new SocketsHttpHandler().MaxAutomaticRedirections} by default)" },
        { "docs/redirects.md", $"{Words[ReplayBudget.NoncesPerCall]} hops of a call at most" },
        { "docs/bodies.md", $"({Number(new DpopOptions().ReplayBufferLimit)} by default)" },
        { "docs/concepts.md", $"more than {ClockOffset.Tolerance.TotalSeconds} seconds" },
        { "docs/concepts.md", ClockOffset.Limit == TimeSpan.FromHours(1) ? "by an hour at most" : "another limit" },
        { "docs/troubleshooting.md", $"between {ClockOffset.Tolerance.TotalSeconds} seconds and an hour" },
    };

    [Theory]
    [MemberData(nameof(Figures))]
    public void A_figure_is_that_of_the_code(string page, string sentence)
    {
        string text = string.Join(' ', File.ReadAllText(Path.Combine(DocumentationTests.Root, page)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(sentence, text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_picture_of_the_bytes_adds_up_to_the_figures_of_the_page()
    {
        string picture = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs/allocations.svg"));
        int[] bars = [.. PictureBytes().Matches(picture).Select(bytes => int.Parse(bytes.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture))];
        string page = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs/performance.md"));
        Assert.Contains($"The handler adds {Number(bars[1..].Sum())} B.", page, StringComparison.Ordinal);
        Assert.Contains($"| {Number(bars.Sum())} B |", page, StringComparison.Ordinal);
    }

    [GeneratedRegex(@">([\d,]+) B<")]
    private static partial Regex PictureBytes();

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
