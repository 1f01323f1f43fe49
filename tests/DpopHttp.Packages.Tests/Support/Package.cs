using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace DpopHttp.Packages.Tests.Support;

/// <summary>A package file, and what is in it.</summary>
public sealed class Package(string path)
{
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public IReadOnlyList<string> Files => Read(archive => archive.Entries.Select(entry => entry.FullName).ToArray());

    /// <summary>The elements below metadata in the nuspec, without their namespace.</summary>
    public XElement Metadata()
    {
        XElement root = XElement.Parse(Text(Files.Single(file => file.EndsWith(".nuspec", StringComparison.Ordinal))));
        foreach (XElement element in root.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return root.Element("metadata")!;
    }

    public string Text(string name)
    {
        using StreamReader reader = new(new MemoryStream(Bytes(name)));
        return reader.ReadToEnd();
    }

    public byte[] Bytes(string name) => Read(archive =>
    {
        using Stream stream = archive.GetEntry(name)!.Open();
        using MemoryStream copy = new();
        stream.CopyTo(copy);
        return copy.ToArray();
    });

    /// <summary>The source files that the symbols name, and whether each is inside.</summary>
    public IReadOnlyList<(string Name, bool IsEmbedded)> Sources(string symbols)
    {
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(symbols)));
        MetadataReader reader = provider.GetMetadataReader();
        return [.. reader.Documents.Select(handle => (
            reader.GetString(reader.GetDocument(handle).Name),
            reader.GetCustomDebugInformation(handle).Any(info => reader.GetGuid(reader.GetCustomDebugInformation(info).Kind) == EmbeddedSource)))];
    }

    private T Read<T>(Func<ZipArchive, T> read)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return read(archive);
    }
}
