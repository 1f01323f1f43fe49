using System.Text.RegularExpressions;

namespace DpopHttp.Tests.Docs;

/// <summary>The tables in docs/configuration.md have a row for every option, and say of it what the code does.</summary>
public partial class ConfigurationTableTests
{
    public static TheoryData<Type, string[]> Types => new()
    {
        { typeof(DpopOptions), DpopOptionsSection.Configurable },
        { typeof(DpopKeyOptions), DpopKeyOptionsSection.Configurable },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_option_has_a_row_that_says_where_it_can_be_set_and_its_default(Type type, string[] configurable)
    {
        string[][] rows = Rows(type.Name);
        Assert.Equal(type.GetProperties().Select(p => p.Name), rows.Select(row => row[0].Trim('`')));
        object defaults = Activator.CreateInstance(type)!;
        Assert.All(rows, row =>
        {
            string name = row[0].Trim('`');
            Assert.Equal(5, row.Length);
            Assert.Equal(configurable.Contains(name) ? "yes" : "code only", row[1]);
            string expected = type.GetProperty(name)!.GetValue(defaults) switch
            {
                null => "null",
                bool flag => flag ? "true" : "false",
                System.Collections.IEnumerable items => items.Cast<object>().Any() ? "not empty" : "empty",
                object other => other.ToString()!,
            };
            Assert.Equal(expected, row[2].Split(':')[0]);
            Assert.All(row, Assert.NotEmpty);
        });
    }

    private static string[][] Rows(string heading)
    {
        string document = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs", "configuration.md")).ReplaceLineEndings("\n");
        string section = document.Split("\n## ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        return [.. Row().Matches(section).Select(match => match.Groups[1].Value.Split('|').Select(cell => cell.Trim()).ToArray())];
    }

    [GeneratedRegex(@"^\| (`.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
