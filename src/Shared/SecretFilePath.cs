namespace DpopHttp.Shared;

/// <summary>Finds where a secret file really is.</summary>
internal static class SecretFilePath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaximumLinks = 40;

    /// <summary>
    /// The path behind the links: a rename would replace a link and not what it leads to. The links, and every directory that has one of them or the
    /// file, are checked. The file itself need not be there, unless a link leads to it.
    /// </summary>
    /// <exception cref="RefusedFileException">Others may exchange what the path leads to.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="IOException">The links lead nowhere.</exception>
    public static string Resolve(string path)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
        {
            return ResolveChecked(path);
        }

        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        catch (FileNotFoundException)
        {
            // Not there yet; a directory that is not there shows when the file is opened.
            return path;
        }
    }

    private static string ResolveChecked(string path)
    {
        string current = path;
        for (int links = 0; links <= MaximumLinks; links++)
        {
            string directory = Path.GetDirectoryName(current) ?? current;
            CheckDirectory(directory);
            UnixStatus? status = UnixStatus.OfName(current, out int error);
            if (status is not { IsLink: true } link)
            {
                return links > 0 && error == UnixCalls.NoEntry
                    ? throw new RefusedFileException($"The link {path} leads to {current}, which doesn't exist. No file is made through a link. Make the file, or remove the link.")
                    : current;
            }

            SecretFileRules.RequireSafeLink(current, link);

            // Not brought to its shortest form: the system takes ".." after it has followed a directory that is a link.
            current = Path.Combine(directory, new FileInfo(current).LinkTarget ?? throw new IOException($"The link {current} can't be read."));
        }

        throw new RefusedFileException($"The link {path} leads through more than {MaximumLinks} other links, or to itself. Make it lead to a file.");
    }

    private static void CheckDirectory(string directory)
    {
        // The final separator makes the system follow a directory that is a link.
        UnixStatus? status = UnixStatus.OfName(Path.EndsInDirectorySeparator(directory) ? directory : directory + '/', out int error);
        if (status is { } known)
        {
            SecretFileRules.RequireSafe(directory, known);
        }
        else if (error == UnixCalls.NoEntry)
        {
            throw new DirectoryNotFoundException($"The directory {directory} doesn't exist.");
        }
    }
}
