using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DpopHttp.Interop.Tests.Hardware;

/// <summary>The environment that native libraries read. On Unix the runtime's own is a copy, and what is set there stays there.</summary>
internal static class NativeEnvironment
{
    public static void Set(string name, string value)
    {
        if (SetVariable(name, value, overwrite: 1) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "setenv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
