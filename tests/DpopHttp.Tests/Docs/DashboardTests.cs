using System.Text.Json;
using System.Text.RegularExpressions;

namespace DpopHttp.Tests.Docs;

/// <summary>Each metric and label of docs/grafana-dashboard.json is one of docs/diagnostics.md, which <see cref="InstrumentTests"/> compares with the code.</summary>
public partial class DashboardTests
{
    private static readonly Page Diagnostics = Page.Read("docs/diagnostics.md");

    private static readonly string[] Expressions = [.. Find(JsonDocument.Parse(
        File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs/grafana-dashboard.json"))).RootElement, "expr")];

    /// <summary>The instruments under the names that the OpenTelemetry exporters for Prometheus give them, with their labels.</summary>
    private static Dictionary<string, string[]> Metrics => Diagnostics.Rows("Metrics")
        .SelectMany(row => NamesOf(row[0].Trim('`').Replace('.', '_'), row[1]).Select(name => (Name: name, Labels: Page.Names(row[3]).Select(tag => tag.Replace('.', '_')).ToArray())))
        .ToDictionary(metric => metric.Name, metric => metric.Labels);

    [Fact]
    public void Metrics_and_labels_exist()
    {
        Assert.NotEmpty(Expressions);
        Assert.All(Expressions, expression =>
        {
            string[] metrics = [.. Metric().Matches(expression).Select(match => match.Groups[1].Value)];
            Assert.NotEmpty(metrics);
            Assert.Empty(metrics.Except(Metrics.Keys));
            IEnumerable<string> labels = By().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(", ")).Concat(Selector().Matches(expression).Select(match => match.Groups[1].Value));
            Assert.Empty(labels.Except(["le"]).Except(metrics.SelectMany(metric => Metrics[metric])));
        });
    }

    [Fact]
    public void Every_instrument_is_shown() => Assert.All(
        Diagnostics.Rows("Metrics").Select(row => row[0].Trim('`').Replace('.', '_')),
        name => Assert.Contains(Expressions, expression => expression.Contains(name, StringComparison.Ordinal)));

    private static string[] NamesOf(string name, string kind) =>
        kind == "Counter" ? [$"{name}_total"] : [$"{name}_seconds_bucket", $"{name}_seconds_count", $"{name}_seconds_sum"];

    private static IEnumerable<string> Find(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member => member.Name == name ? [member.Value.GetString()!] : Find(member.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Find(item, name)),
        _ => [],
    };

    /// <summary>What the rate is of.</summary>
    [GeneratedRegex(@"rate\((\w+)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex By();

    [GeneratedRegex(@"\{(\w+)[=!]")]
    private static partial Regex Selector();
}
