using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DpopHttp.Shared;

/// <summary>Opens files on Linux and macOS as the framework can't: without following a link, and without waiting where the file is a pipe.</summary>
internal static class UnixFile
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;

    /// <summary>What the systems and architectures call O_NONBLOCK, O_NOFOLLOW and O_CLOEXEC; null where that isn't known.</summary>
    private static readonly int? Flags = (OperatingSystem.IsLinux(), OperatingSystem.IsMacOS(), RuntimeInformation.ProcessArchitecture) switch
    {
        (true, _, Architecture.X64 or Architecture.X86) => 0x800 | 0x20000 | 0x80000,
        (true, _, Architecture.Arm64 or Architecture.Arm) => 0x800 | 0x8000 | 0x80000,
        (_, true, _) => 0x4 | 0x100 | 0x1000000,
        _ => null,
    };

    public static bool IsSupported => Flags is not null;

    /// <summary>The open file, or null if there is none in a directory that exists.</summary>
    /// <exception cref="RefusedFileException">The path is that of a link.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle? TryOpen(string path, int access)
    {
        const int LinuxIsLink = 40, MacIsLink = 62;
        int descriptor = UnixCalls.Open(path, access | Flags!.Value);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        int error = Marshal.GetLastPInvokeError();
        string reason = $"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'.";
        return error switch
        {
            UnixCalls.NoEntry when Directory.Exists(Path.GetDirectoryName(path)) => null,
            UnixCalls.NoEntry => throw new DirectoryNotFoundException($"The directory {Path.GetDirectoryName(path)} doesn't exist."),
            UnixCalls.AccessDenied or UnixCalls.NotPermitted => throw new UnauthorizedAccessException(reason),
            UnixCalls.IsDirectory => throw new RefusedFileException("The path leads to a directory. Give the path of a file in it."),
            UnixCalls.NoDevice => throw new RefusedFileException("The path leads to a socket or a device, which isn't a regular file. Remove it, or give the path of a file."),
            LinuxIsLink or MacIsLink => throw new RefusedFileException($"{path} is a link, which isn't followed here. Remove the link."),
            _ => throw new IOException(reason, error),
        };
    }

    /// <summary>
    /// Makes a rename outlast a crash of the machine, which the framework has no way to. Where a file system refuses, the file is in place all the same.
    /// </summary>
    public static void FlushDirectory(string directory)
    {
        int descriptor = UnixCalls.Open(directory, ReadOnly);
        if (descriptor >= 0)
        {
            using SafeFileHandle handle = new(descriptor, ownsHandle: true);
            _ = UnixCalls.Flush(handle);
        }
    }
}
