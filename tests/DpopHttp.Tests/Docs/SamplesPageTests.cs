namespace DpopHttp.Tests.Docs;

/// <summary>docs/samples.md has a row for each sample.</summary>
public class SamplesPageTests
{
    [Fact]
    public void Every_sample_has_a_row() => Assert.Equal(
        Directory.EnumerateDirectories(Path.Combine(DocumentationTests.Root, "samples")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
        Page.Read("docs/samples.md").Rows("Samples").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));
}
