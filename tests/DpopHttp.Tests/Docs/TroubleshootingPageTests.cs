using System.Reflection;
using System.Text.RegularExpressions;
using DpopHttp.OpenIdConnect;

namespace DpopHttp.Tests.Docs;

/// <summary>docs/troubleshooting.md has an entry for each error code, where an exception's HelpLink leads.</summary>
public partial class TroubleshootingPageTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs/troubleshooting.md"));

    public static TheoryData<string> Codes => [.. new[] { typeof(DpopErrorCodes), typeof(DpopTokenErrorCodes), typeof(DpopOpenIdConnectErrorCodes) }
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
        .Select(code => (string)code.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_error_code_has_an_entry_with_cause_and_cure(string code) =>
        Assert.Matches($@"\n### {Regex.Escape(code)}\n\*\*Cause\.\*\* [^\n]+\n(?:[^\n]+\n)*\n\*\*Cure\.\*\* ", Text);

    [Fact]
    public void There_is_no_entry_for_anything_else() =>
        Assert.Equal(Codes.Select(row => row.Data).Order(StringComparer.Ordinal), Entry().Matches(Text).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));

    [GeneratedRegex("^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex Entry();
}
