using System.Text.RegularExpressions;
using DpopHttp.Packages.Tests.Support;

namespace DpopHttp.Packages.Tests.Apps;

/// <summary>Each program of docs/getting-started.md builds in a new project with the packages that its section adds, and with no usings but those that it shows.</summary>
public sealed partial class GettingStartedTests(PackageFeed feed)
{
    /// <summary>The lowest version of what isn't in the feed.</summary>
    private const string Lowest = "10.0.0";

    private static readonly Dictionary<string, (string Sdk, string[] Packages)> Templates = new()
    {
        ["console"] = ("Microsoft.NET.Sdk", []),
        ["web"] = ("Microsoft.NET.Sdk.Web", []),
        ["worker"] = ("Microsoft.NET.Sdk.Worker", [$"Microsoft.Extensions.Hosting {Lowest}"]),
    };

    private static Dictionary<string, string> Sections { get; } = Section().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/getting-started.md")))
        .Where(match => New().IsMatch(match.Groups[2].Value))
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    public static TheoryData<string> Headings => [.. Sections.Keys];

    [Theory]
    [MemberData(nameof(Headings))]
    public async Task A_program_builds_without_a_warning(string heading)
    {
        string text = Sections[heading];
        (string sdk, string[] packages) = Templates[New().Match(text).Groups[1].Value];
        IEnumerable<string> added = Add().Matches(text).Select(match => match.Groups[1].Value)
            .Select(package => Repository.Packed.ContainsKey(package) ? package : $"{package} {Lowest}");
        await NewApp.BuildAsync(
            feed, Space().Replace(heading, ""), sdk, [.. packages, .. added, $"Microsoft.Extensions.Http {Lowest}"], CSharp().Match(text).Groups[1].Value);
    }

    [Fact]
    public void Every_scenario_has_a_program() => Assert.Equal(7, Sections.Count);

    [GeneratedRegex(@"^## ([^\n]+)\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^dotnet new (\w+)", RegexOptions.Multiline)]
    private static partial Regex New();

    [GeneratedRegex(@"^dotnet add package (\S+)", RegexOptions.Multiline)]
    private static partial Regex Add();

    [GeneratedRegex(@"^```csharp\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex(@"\s")]
    private static partial Regex Space();
}
