namespace DpopHttp.Tests.KeyRing;

/// <summary>A directory of its own for a test's key files.</summary>
internal sealed class KeyDirectory : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("dpop-ring-");

    /// <summary>The path of a file here, whether it is there or not.</summary>
    public string this[string name] => Path.Combine(_directory.FullName, name);

    /// <summary>Leaves something in the file that is no key, readable by its owner only.</summary>
    public string Break(string name)
    {
        string path = this[name];
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream stream = new(path, options);
        stream.Write("this is no key"u8);
        return path;
    }

    public void Remove() => _directory.Delete(recursive: true);

    public void Dispose()
    {
        if (_directory.Exists)
        {
            Remove();
        }
    }
}
