using System.Collections;
using System.Text.RegularExpressions;

namespace DpopHttp.Tests.Docs;

/// <summary>A table of docs/configuration.md, which has a row for every option of a type and says of it what the code does.</summary>
internal static partial class OptionsTable
{
    /// <param name="type">The options; their own properties are looked at.</param>
    /// <param name="defaults">An instance as it is made.</param>
    /// <param name="configurable">The options that a section may have.</param>
    public static void AssertFits(Type type, object defaults, IReadOnlyCollection<string> configurable)
    {
        string[][] rows = Rows(type.Name);
        Assert.Equal(type.GetProperties().Where(p => p.DeclaringType == type).Select(p => p.Name), rows.Select(row => row[0].Trim('`')));
        Assert.All(rows, row =>
        {
            string name = row[0].Trim('`');
            Assert.Equal(5, row.Length);
            Assert.Equal(configurable.Contains(name) ? "yes" : "code only", row[1]);
            string expected = type.GetProperty(name)!.GetValue(defaults) switch
            {
                null => "null",
                bool flag => flag ? "true" : "false",
                IEnumerable items => items.Cast<object>().Any() ? "not empty" : "empty",
                object other => other.ToString()!,
            };
            Assert.Equal(expected, row[2].Split(':')[0]);
            Assert.All(row, Assert.NotEmpty);
        });
    }

    private static string[][] Rows(string heading)
    {
        string document = File.ReadAllText(Path.Combine(FindRoot(), "docs", "configuration.md")).ReplaceLineEndings("\n");
        string section = document.Split("\n## ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        return [.. Row().Matches(section).Select(match => match.Groups[1].Value.Split('|').Select(cell => cell.Trim()).ToArray())];
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository.");
    }

    [GeneratedRegex(@"^\| (`.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
