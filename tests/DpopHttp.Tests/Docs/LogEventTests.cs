using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace DpopHttp.Tests.Docs;

/// <summary>docs/diagnostics.md and docs/troubleshooting.md have a row for each event that a package logs.</summary>
public class LogEventTests
{
    private static readonly Page Diagnostics = Page.Read("docs/diagnostics.md");
    private static readonly Page Troubleshooting = Page.Read("docs/troubleshooting.md");

    private static string Source => Path.Combine(DocumentationTests.Root, "src");

    /// <summary>The packages whose source has events.</summary>
    public static TheoryData<string> Packages => [.. Directory.EnumerateDirectories(Source)
        .Where(package => Directory.EnumerateFiles(package, "*.cs", SearchOption.AllDirectories).Any(HasEvents))
        .Select(package => Path.GetFileName(package))];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_event_has_a_row_with_its_id_and_its_level(string package)
    {
        IEnumerable<string> events = EventsOf(package).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.EventName} {e.EventId} {e.Level}"));
        IReadOnlyList<string[]> rows = Diagnostics.Rows(package);
        Assert.Equal(events.Order(StringComparer.Ordinal), rows.Select(row => $"{row[0].Trim('`')} {row[1]} {row[2]}").Order(StringComparer.Ordinal));
        Assert.All(rows, row =>
        {
            Assert.Equal(6, row.Length);
            Assert.StartsWith("`DpopHttp", row[3], StringComparison.Ordinal);
            Assert.All(row, Assert.NotEmpty);
        });
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_event_has_a_cause_and_a_cure(string package)
    {
        IEnumerable<string> events = EventsOf(package).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.EventName} {e.EventId}"));
        IReadOnlyList<string[]> rows = Troubleshooting.Rows($"Events of {package}");
        Assert.Equal(events.Order(StringComparer.Ordinal), rows.Select(row => $"{row[0].Trim('`')} {row[1]}").Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(4, row.Count(cell => cell.Length > 0)));
    }

    /// <summary>The generator writes several classes in an order that differs between builds, and the packages of one commit are to be the same.</summary>
    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_has_one_class_of_events(string package) => Assert.Single(
        Directory.EnumerateFiles(Path.Combine(Source, package), "*.cs", SearchOption.AllDirectories),
        file => !Path.GetRelativePath(Source, file).Split(Path.DirectorySeparatorChar).Contains("obj") && HasEvents(file));

    [Fact]
    public void Three_packages_or_more_have_events() => Assert.True(Packages.Count >= 3);

    private static IEnumerable<LoggerMessageAttribute> EventsOf(string package) => Assembly.Load(package).GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
        .OfType<LoggerMessageAttribute>();

    private static bool HasEvents(string file) => File.ReadAllText(file).Contains("[LoggerMessage(", StringComparison.Ordinal);
}
