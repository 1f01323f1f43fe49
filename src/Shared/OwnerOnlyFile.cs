using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DpopHttp.Shared;

/// <summary>A small secret file that only its owner may read, and that is replaced as a whole or not at all.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>A file that is larger is not read. Bytes.</summary>
    public const int MaximumSize = 64 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The content, or null if there is no file in a directory that exists.</summary>
    /// <param name="path">The path, as <see cref="SecretFilePath.Resolve"/> gives it. A link isn't followed.</param>
    /// <exception cref="IOException">It cannot be read, is too large, or others may read or change it.</exception>
    public static byte[]? Read(string path)
    {
        SafeFileHandle? handle = UnixFile.IsSupported ? UnixFile.TryOpen(path, UnixFile.ReadOnly) : TryOpen(path);
        if (handle is null)
        {
            return null;
        }

        using (handle)
        {
            SecretFileRules.RequireSafe(handle);
            using FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
            if (!stream.CanSeek)
            {
                throw new RefusedFileException("The path leads to a pipe or a device, which isn't a regular file. Remove it, or give the path of a file.");
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
            UnixFile.FlushDirectory(Path.GetDirectoryName(path)!);
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

    private static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
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
                TryDelete(leftover);
            }
        }
    }

    /// <summary>What somebody else put into a directory that all may write to is theirs, and stops nothing.</summary>
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (UnauthorizedAccessException)
        {
        }
    }

    /// <summary>Of the file itself, or of one that was retired from it: 32 digits, or a thumbprint's 43 characters before them.</summary>
    private static bool IsOwnEnding(ReadOnlySpan<char> ending) => ending.LastIndexOf(".retired.") switch
    {
        -1 => ending.Length == 1 + 32 + ".tmp".Length,
        int retired => retired == 1 + 43,
    };
}
