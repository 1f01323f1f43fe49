using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DpopHttp.Tests.Architecture;

/// <summary>
/// Which folders of a project use which: computed from the symbols that its source names. Inside of each folder its own files count as one room, and each
/// of its subfolders, with everything in it, as another.
/// </summary>
internal sealed class FolderArrows
{
    private const string OwnFiles = ".";

    /// <summary>What every project imports without a line for it.</summary>
    private const string ImplicitUsings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private readonly Dictionary<(string Folder, string From, string To), SortedSet<string>> _arrows = [];

    private FolderArrows(CSharpCompilation compilation, string root)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.Length > 0))
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                SymbolInfo info = model.GetSymbolInfo(name);
                if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is { } symbol and not INamespaceSymbol)
                {
                    Add(tree.FilePath, symbol as ITypeSymbol ?? symbol.ContainingType, root);
                }
            }
        }
    }

    /// <summary>How many arrows there are, so that a test can see that something was looked at.</summary>
    public int Count => _arrows.Count;

    /// <summary>All of them: in which folder, from which room to which other.</summary>
    public IEnumerable<(string Folder, string From, string To)> All => _arrows.Keys;

    /// <summary>Reads a project's source.</summary>
    /// <param name="project">Its folder. Files of src/Shared count as a folder of it.</param>
    /// <param name="additional">Source that is not in a file: its path in the project, and its text.</param>
    public static FolderArrows Of(string project, params (string Path, string Text)[] additional)
    {
        string[] files = [.. SourceOf(project), .. SourceOf(Path.Combine(project, "..", "Shared"))];
        IEnumerable<SyntaxTree> trees = files
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Options, Path.GetFullPath(file)))
            .Concat(additional.Select(extra => CSharpSyntaxTree.ParseText(extra.Text, Options, Path.Combine(project, extra.Path))))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, Options));
        CSharpCompilation compilation = CSharpCompilation.Create(
            Path.GetFileName(project), trees, References(Path.GetFileName(project)), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return new FolderArrows(compilation, project);
    }

    /// <summary>Pairs of rooms that reach each other, with the types that the shorter way goes over; empty if all is well.</summary>
    public IReadOnlyList<string> FindCycles()
    {
        List<string> cycles = [];
        foreach (IGrouping<string, (string Folder, string From, string To)> folder in _arrows.Keys.GroupBy(arrow => arrow.Folder))
        {
            ILookup<string, string> next = folder.ToLookup(arrow => arrow.From, arrow => arrow.To);
            cycles.AddRange(folder
                .Where(arrow => Reaches(arrow.To, arrow.From, next))
                .Select(arrow => $"{folder.Key}: {arrow.From} -> {arrow.To} by {string.Join(", ", _arrows[arrow])}"));
        }

        return cycles;
    }

    private static CSharpParseOptions Options { get; } = new(LanguageVersion.Preview);

    private static bool Reaches(string from, string to, ILookup<string, string> next)
    {
        HashSet<string> seen = [from];
        Queue<string> queue = new([from]);
        while (queue.TryDequeue(out string? room))
        {
            if (room == to)
            {
                return true;
            }

            foreach (string other in next[room].Where(seen.Add))
            {
                queue.Enqueue(other);
            }
        }

        return false;
    }

    private static IEnumerable<string> SourceOf(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    /// <summary>Everything that the tests themselves run with.</summary>
    private static (string Name, MetadataReference Reference)[] Assemblies { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(file => (Path.GetFileNameWithoutExtension(file), (MetadataReference)MetadataReference.CreateFromFile(file))),
    ];

    /// <summary>All but the project's own assembly.</summary>
    private static IEnumerable<MetadataReference> References(string project) => Assemblies.Where(assembly => assembly.Name != project).Select(assembly => assembly.Reference);

    private void Add(string file, ITypeSymbol? type, string root)
    {
        foreach (SyntaxReference declaration in type?.OriginalDefinition.DeclaringSyntaxReferences ?? [])
        {
            string target = declaration.SyntaxTree.FilePath;
            if (target.Length == 0 || target == file)
            {
                continue;
            }

            string[] from = FolderOf(file, root), to = FolderOf(target, root);
            int common = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
            string source = from.ElementAtOrDefault(common) ?? OwnFiles, destination = to.ElementAtOrDefault(common) ?? OwnFiles;
            if (source == destination)
            {
                continue;
            }

            (string, string, string) arrow = (string.Join('/', from.Take(common).Prepend(Path.GetFileName(root))), source, destination);
            if (!_arrows.TryGetValue(arrow, out SortedSet<string>? types))
            {
                _arrows[arrow] = types = new SortedSet<string>(StringComparer.Ordinal);
            }

            types.Add($"{Path.GetFileNameWithoutExtension(file)} uses {type!.Name}");
        }
    }

    private static string[] FolderOf(string file, string root)
    {
        string relative = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
        return relative == "." ? [] : [.. relative.Split(Path.DirectorySeparatorChar).Where(part => part != "..")];
    }
}
