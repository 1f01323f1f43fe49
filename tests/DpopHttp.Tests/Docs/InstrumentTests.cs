namespace DpopHttp.Tests.Docs;

/// <summary>docs/diagnostics.md names the instruments and activities that there are, and the tags that they really come with.</summary>
[Collection(Alone.Name)]
public class InstrumentTests
{
    private static readonly Page Diagnostics = Page.Read("docs/diagnostics.md");

    [Fact]
    public async Task Instruments_activities_and_tags_are_as_the_page_says()
    {
        using Recorder recorder = new();
        await Calls.MakeAsync();
        recorder.Stop();

        Assert.Equal(
            Diagnostics.Rows("Metrics").Select(row => $"{row[0].Trim('`')} {row[1]} {row[2].Trim('`')}").Order(StringComparer.Ordinal),
            recorder.Instruments.Order(StringComparer.Ordinal));
        Assert.All(
            Diagnostics.Rows("Metrics"),
            row => Assert.Equal(Page.Names(row[3]).Order(StringComparer.Ordinal), recorder.TagsOf(row[0].Trim('`'))));

        Assert.Equal(Diagnostics.Rows("Traces").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal), recorder.Activities);
        Assert.All(
            Diagnostics.Rows("Traces"),
            row => Assert.Equal(Page.Names(row[1]).Order(StringComparer.Ordinal), recorder.TagsOf(row[0].Trim('`'))));

        Dictionary<string, IReadOnlyList<string>> values = Diagnostics.Rows("Values of tags").ToDictionary(row => row[0].Trim('`'), row => Page.Names(row[1]));
        Assert.All(
            recorder.Values.Where(tag => tag.Name.StartsWith("dpop.", StringComparison.Ordinal)),
            tag => Assert.Contains(tag.Value, values[tag.Name]));
    }
}
