using Microsoft.Win32.SafeHandles;

namespace DpopHttp.Shared;

/// <summary>
/// Which files may hold a secret, and which directories and links may lead to them: only this process's user and root may read or exchange
/// them. On Windows, and where the owner can't be told, fewer of the rules apply.
/// </summary>
internal static class SecretFileRules
{
    private const UnixFileMode OthersRights =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private const UnixFileMode OthersMayExchange = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Checks an open file, so that it can't be exchanged in between.</summary>
    /// <exception cref="RefusedFileException">The file isn't a regular one, or others may own, read or change it.</exception>
    public static void RequireSafe(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        UnixStatus? status = UnixStatus.Of(file);
        if (status is { } known)
        {
            RequireRegularFile(known);
            RequireOwner(known);
        }

        UnixFileMode granted = (status?.Rights ?? File.GetUnixFileMode(file)) & OthersRights;
        if (granted != UnixFileMode.None && !(granted == UnixFileMode.GroupRead && status is { } shared && IsMountedSecret(shared)))
        {
            throw new RefusedFileException(
                $"Others than its owner may use the file ({granted}), so its secret may be known. {(status is { } s && UnixUser.OwnedByRoot(s) && !UnixUser.IsRoot
                    ? "Because root owns it, it needs mode 400 and this process's user as its owner, or mode 440 and a group of this process. "
                    + "For a Kubernetes secret, set defaultMode 0400 on the volume and fsGroup in the pod's securityContext."
                    : "Take these rights away (chmod 600).")}");
        }
    }

    /// <summary>Checks an open file that holds no secret, but that others must not choose: a lock.</summary>
    /// <exception cref="RefusedFileException">The file isn't a regular one, or somebody else owns it.</exception>
    public static void RequireOwn(SafeFileHandle file)
    {
        if (UnixStatus.Of(file) is { } status)
        {
            RequireRegularFile(status);
            RequireOwner(status);
        }
    }

    /// <summary>Checks who may exchange the files in a directory.</summary>
    /// <exception cref="RefusedFileException">Others than this user and root may.</exception>
    public static void RequireSafe(string directory, UnixStatus status)
    {
        if (!status.IsDirectory)
        {
            return;
        }

        bool mayExchange = !UnixUser.Trusts(status.Owner)
            || (status.Rights & OthersMayExchange) switch
            {
                UnixFileMode.None => false,
                _ when status.Rights.HasFlag(UnixFileMode.StickyBit) => false,
                UnixFileMode.GroupWrite => !UnixUser.HasPrivateGroup(status.Group),
                _ => true,
            };
        if (mayExchange && !IsReadOnly(directory))
        {
            throw new RefusedFileException(
                $"Others than this process's user ({UnixUser.Id}) may exchange the files in the directory {directory} (owner {status.Owner}, group {status.Group}, "
                + $"mode {Octal(status.Rights)}), and put an old secret back. Use a directory that only this user can write to: make one in it (mode 700), or take these rights away.");
        }
    }

    /// <summary>Checks who made a link.</summary>
    /// <exception cref="RefusedFileException">Somebody else than this user and root.</exception>
    public static void RequireSafeLink(string path, UnixStatus status)
    {
        if (!UnixUser.Trusts(status.Owner))
        {
            throw new RefusedFileException(
                $"The link {path} belongs to user {status.Owner}. Only links of this process's user ({UnixUser.Id}) and of root are followed. Remove the link.");
        }
    }

    private static void RequireRegularFile(UnixStatus status)
    {
        if (!status.IsRegularFile)
        {
            throw new RefusedFileException(status.IsDirectory
                ? "The path leads to a directory. Give the path of a file in it."
                : "The path leads to a pipe, a socket or a device, which isn't a regular file. Remove it, or give the path of a file.");
        }
    }

    private static void RequireOwner(UnixStatus status)
    {
        if (!UnixUser.Trusts(status.Owner))
        {
            throw new RefusedFileException(
                $"The file belongs to user {status.Owner}, who can read and exchange it. Only this process's user ({UnixUser.Id}) and root may own it. "
                + "If the file is the right one, change its owner (chown).");
        }
    }

    /// <summary>As container platforms mount secrets for a user who isn't root: root's, and readable by a group of the process.</summary>
    private static bool IsMountedSecret(UnixStatus status) => UnixUser.OwnedByRoot(status) && !UnixUser.IsRoot && UnixUser.IsIn(status.Group);

    /// <summary>Rights don't count where nobody can write.</summary>
    private static bool IsReadOnly(string directory) =>
        UnixCalls.Access(directory, UnixCalls.WriteAccess) != 0
        && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == UnixCalls.ReadOnlyFileSystem;

    private static string Octal(UnixFileMode rights) => Convert.ToString((int)rights, 8);
}
