using System.Runtime.InteropServices;

namespace DpopHttp.Shared;

/// <summary>A small secret file that only its owner may read, and that is replaced as a whole or not at all.</summary>
internal static class OwnerOnlyFile
{
    private const int MaximumSize = 64 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>The content, or null if there is no file in a directory that exists.</summary>
    /// <exception cref="IOException">It cannot be read, is too large, or others may read or change it.</exception>
    public static byte[]? Read(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        using (stream)
        {
            RefuseOthers(stream);
            if (!stream.CanSeek)
            {
                throw new IOException("This is no file, but a pipe or a device.");
            }

            if (stream.Length > MaximumSize)
            {
                throw new IOException($"The file has {stream.Length} bytes, more than the {MaximumSize} that are read.");
            }

            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
    }

    /// <summary>Writes beside the file and then takes its place. Called under the file's lock.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it is to have.</param>
    /// <param name="whenWritten">Called when the disk has the content, before it takes the file's place.</param>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, Action? whenWritten = null)
    {
        RemoveLeftovers(path);
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, CreateOptions(FileMode.CreateNew)))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            whenWritten?.Invoke();
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        if (!OperatingSystem.IsWindows())
        {
            FlushDirectory(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>The mode is part of the creation, so that there is no moment with another one.</summary>
    public static FileStreamOptions CreateOptions(FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return options;
    }

    /// <summary>
    /// A process that was killed while it wrote left a key that nobody has used. Another file that goes on from this one's name is under
    /// another lock, and its temporary files are being written.
    /// </summary>
    private static void RemoveLeftovers(string path)
    {
        foreach (string leftover in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.tmp"))
        {
            if (leftover.StartsWith(path + ".", StringComparison.Ordinal) && IsOwnEnding(leftover.AsSpan(path.Length)))
            {
                File.Delete(leftover);
            }
        }
    }

    /// <summary>Of the file itself, or of one that was retired from it: 32 digits, or a thumbprint's 43 characters before them.</summary>
    private static bool IsOwnEnding(ReadOnlySpan<char> ending) => ending.LastIndexOf(".retired.") switch
    {
        -1 => ending.Length == 1 + 32 + ".tmp".Length,
        int retired => retired == 1 + 43,
    };

    /// <summary>
    /// Makes the rename outlast a crash of the machine, which the framework has no way to. Where a file system refuses, the file is in place all the same.
    /// </summary>
    private static void FlushDirectory(string directory)
    {
        const int ReadOnly = 0;
        int descriptor = OpenDescriptor(directory, ReadOnly);
        if (descriptor >= 0)
        {
            _ = FlushDescriptor(descriptor);
            _ = CloseDescriptor(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenDescriptor([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FlushDescriptor(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseDescriptor(int descriptor);

    /// <summary>Asked of the open file, so that it cannot be exchanged in between.</summary>
    private static void RefuseOthers(FileStream stream)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) is not UnixFileMode.None and UnixFileMode granted)
        {
            throw new IOException($"Others than its owner may use the file ({granted}), so its secret may be known. Take these rights away (chmod 600).");
        }
    }
}
