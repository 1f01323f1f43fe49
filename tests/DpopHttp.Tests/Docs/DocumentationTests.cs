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
            IEnumerable<string> files = Directory.EnumerateFiles(Root, "*.md").Concat(
                Directory.Exists(Path.Combine(Root, "docs")) ? Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories) : []);
            foreach (string file in files)
            {
                for (int i = 0; i < CSharpBlocks(file).Length; i++)
                {
                    blocks.Add(Path.GetRelativePath(Root, file), i);
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
        string usings = string.Join('\n', DocumentationWorld.Namespaces.Select(n => $"using {n};"));
        SyntaxTree program = CSharpSyntaxTree.ParseText($"{usings}\nusing static {typeof(DocumentationWorld).FullName};\n{block}");
        CSharpCompilation compilation = CSharpCompilation.Create("Documentation", [program], References, Options);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => $"{d.GetMessage(null)} in:\n{block}"));
    }

    [Fact]
    public void The_readme_has_blocks() => Assert.True(CSharpBlocks(Path.Combine(Root, "README.md")).Length >= 8);

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
