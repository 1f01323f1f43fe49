using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace DpopHttp.OpenIdConnect.Tests.Docs;

/// <summary>Every block of code on the pages about web apps compiles, with the names of <see cref="DocumentationWorld"/>.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string[] Namespaces =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Net", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "DpopHttp", "DpopHttp.OpenIdConnect",
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.DataProtection", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Http.Features", "Microsoft.AspNetCore.HttpOverrides",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "StackExchange.Redis",
        "Yarp.ReverseProxy.Forwarder", "Yarp.ReverseProxy.Transforms",
    ];

    private static readonly MetadataReference[] References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    public static TheoryData<string, int> Blocks
    {
        get
        {
            TheoryData<string, int> blocks = [];
            foreach (string page in (string[])["web-apps.md", "gateways.md", "coming-from-duende.md"])
            {
                for (int i = 0; i < BlocksOf(page).Length; i++)
                {
                    blocks.Add(page, i);
                }
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_compiles(string page, int index)
    {
        string block = BlocksOf(page)[index];
        string usings = string.Join('\n', Namespaces.Where(name => !block.Contains($"using {name};", StringComparison.Ordinal)).Select(name => $"using {name};"));
        SyntaxTree program = CSharpSyntaxTree.ParseText($"{usings}\nusing static {typeof(DocumentationWorld).FullName};\n{block}");
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Documentation", [program], References, new(block.StartsWith("sealed class", StringComparison.Ordinal) ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication,
                nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => $"{diagnostic.GetMessage(null)} in:\n{block}"));
    }

    [Fact]
    public void Every_option_has_a_row()
    {
        string page = File.ReadAllText(PathOf("web-apps.md"));
        string options = page[page.IndexOf("## Options", StringComparison.Ordinal)..];
        Assert.All(typeof(DpopOpenIdConnectOptions).GetProperties().Select(property => property.Name), name => Assert.Contains($"`{name}`", options));
    }

    /// <summary>What the page for those who come from elsewhere names as ours is there.</summary>
    [Fact]
    public void Every_name_of_an_equivalent_is_public()
    {
        HashSet<string> names = new(
            from assembly in (Assembly[])[typeof(DpopHandler).Assembly, typeof(IDpopTokens).Assembly, typeof(DpopSession).Assembly, typeof(HttpContext).Assembly, typeof(HybridCache).Assembly,
                typeof(HttpClientFactoryServiceCollectionExtensions).Assembly, typeof(OpenIdConnectExtensions).Assembly]
            from type in assembly.GetExportedTypes()
            from name in type.GetMembers().Select(member => member.Name.Replace("set_", "", StringComparison.Ordinal)).Append(type.Name)
            select name);
        string[] equivalents = [.. File.ReadLines(PathOf("coming-from-duende.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split(" | ")[^1])];
        string[] named = [.. equivalents.SelectMany(cell => Code().Matches(cell)).SelectMany(code => Name().Matches(code.Groups[1].Value)).Select(match => match.Value).Distinct()];
        Assert.True(named.Length > 15);
        Assert.Empty(named.Except(names));
    }

    private static string[] BlocksOf(string page) => [.. Fenced().Matches(File.ReadAllText(PathOf(page))).Select(match => match.Groups[1].Value)];

    private static string PathOf(string page) => Path.Combine(NodeRequirement.Folder, "../../../docs", page);

    [GeneratedRegex(@"^```cs\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\b[A-Z][A-Za-z]{3,}\b")]
    private static partial Regex Name();
}
