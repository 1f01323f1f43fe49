using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DpopHttp.Shared;

/// <summary>Type, rights, owner and group of a file. Known on Linux and macOS; null elsewhere, and where the system does not answer.</summary>
internal readonly record struct UnixStatus(int TypeAndRights, uint Owner, uint Group)
{
    private const int CurrentDirectory = -100;
    private const int NotFollowing = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint TypeModeOwnerAndGroup = 0x1B;

    private const int TypeMask = 0xF000;
    private const int Directory = 0x4000;
    private const int Regular = 0x8000;
    private const int SymbolicLink = 0xA000;

    /// <summary>More than the structure of any of the systems.</summary>
    private const int StructureSize = 256;

    public bool IsDirectory => (TypeAndRights & TypeMask) == Directory;

    public bool IsRegularFile => (TypeAndRights & TypeMask) == Regular;

    public bool IsLink => (TypeAndRights & TypeMask) == SymbolicLink;

    public UnixFileMode Rights => (UnixFileMode)(TypeAndRights & ~TypeMask);

    /// <summary>Of an open file, which nobody can exchange in between.</summary>
    public static UnixStatus? Of(SafeFileHandle file) => Read(
        status => UnixCalls.LinuxStatus(file, "", EmptyPath, TypeModeOwnerAndGroup, status),
        status => UnixCalls.MacIntelStatus(file, status),
        status => UnixCalls.MacStatus(file, status),
        out _);

    /// <summary>Of a name, without following it where it is a link.</summary>
    /// <param name="path">The name.</param>
    /// <param name="error">The system's error number where there is no status, else 0.</param>
    public static UnixStatus? OfName(string path, out int error) => Read(
        status => UnixCalls.LinuxStatus(CurrentDirectory, path, NotFollowing, TypeModeOwnerAndGroup, status),
        status => UnixCalls.MacIntelStatus(path, status),
        status => UnixCalls.MacStatus(path, status),
        out error);

    /// <summary>The structure of statx is the same on every architecture, that of stat on macOS on both of its own.</summary>
    private static UnixStatus? Read(Func<byte[], int> linux, Func<byte[], int> macIntel, Func<byte[], int> mac, out int error)
    {
        byte[] status = new byte[StructureSize];
        error = 0;
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return Succeeds(linux(status), out error) ? new(Int16(status, 28), Int32(status, 20), Int32(status, 24)) : null;
            }

            if (OperatingSystem.IsMacOS())
            {
                int result = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? macIntel(status) : mac(status);
                return Succeeds(result, out error) ? new(Int16(status, 4), Int32(status, 16), Int32(status, 20)) : null;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // A C library without the call.
        }

        return null;
    }

    private static bool Succeeds(int result, out int error)
    {
        error = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        return result == 0;
    }

    private static int Int16(byte[] status, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(status.AsSpan(offset));

    private static uint Int32(byte[] status, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(offset));
}
