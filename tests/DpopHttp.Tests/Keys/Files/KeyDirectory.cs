namespace DpopHttp.Tests.Keys.Files;

/// <summary>A directory of its own for one test, and what lies in it.</summary>
internal sealed class KeyDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dpop-keys-");

    public string Path => _directory.FullName;

    /// <summary>The file most tests use.</summary>
    public string Key => this["key"];

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Path).Select(p => System.IO.Path.GetFileName(p)!).Order(StringComparer.Ordinal)];

    /// <summary>Puts a file there that only its owner may read.</summary>
    public string Place(string name, ReadOnlySpan<byte> content)
    {
        string path = this[name];
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream stream = new(path, options);
        stream.Write(content);
        return path;
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
