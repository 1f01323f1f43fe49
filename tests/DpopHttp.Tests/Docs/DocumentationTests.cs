using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DpopHttp.Tests.Docs;

/// <summary>Every C# block of the documentation compiles, as the body of a program that has the names of <see cref="DocumentationWorld"/>.</summary>
public partial class DocumentationTests
{
    public static string Root { get; } = FindRoot();

    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.ConsoleApplication,
        nullableContextOptions: NullableContextOptions.Enable);

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string, int> Blocks
    {
        get
        {
            TheoryData<string, int> blocks = [];
            foreach (string file in Page.Paths.Concat(Page.PackageReadmes))
            {
                for (int i = 0; i < CSharpBlocks(Path.Combine(Root, file)).Length; i++)
                {
                    blocks.Add(file, i);
                }
            }

            return blocks;
        }
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_compiles(string file, int index)
    {
        string block = CSharpBlocks(Path.Combine(Root, file))[index];
        string usings = string.Join(
            '\n', DocumentationWorld.Namespaces.Where(n => !block.Contains($"using {n};", StringComparison.Ordinal)).Select(n => $"using {n};"));
        SyntaxTree program = CSharpSyntaxTree.ParseText($"{usings}\nusing static {typeof(DocumentationWorld).FullName};\n{block}");

        // An API doesn't have the package for sign-in beside it, with which AddDpop() without options would be ambiguous.
        IEnumerable<MetadataReference> references = block.Contains("AddJwtBearer(", StringComparison.Ordinal)
            ? References.Where(reference => Path.GetFileName(reference.Display) != "DpopHttp.OpenIdConnect.dll")
            : References;
        CSharpCompilation compilation = CSharpCompilation.Create("Documentation", [program], references, Options);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => $"{d.GetMessage(null)} in:\n{block}"));
    }

    [Fact]
    public void The_readme_and_those_of_the_packages_have_blocks()
    {
        Assert.Equal(3, CSharpBlocks(Path.Combine(Root, "README.md")).Length);
        Assert.All(Page.PackageReadmes.Except([Path.Combine("src", "DpopHttp.Tool", "README.md")]), readme => Assert.NotEmpty(CSharpBlocks(Path.Combine(Root, readme))));
    }

    private static string[] CSharpBlocks(string file) =>
        [.. Fenced().Matches(File.ReadAllText(file)).Select(m => m.Groups[1].Value)];

    private static string FindRoot()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^```csharp\r?\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fenced();
}
