using System.ComponentModel;
using System.Diagnostics;

namespace DpopHttp.Tests.Keys.Files.Processes;

/// <summary>Decides whether this system lets a test mount a disk of its own; tests are skipped where not, but fail in CI.</summary>
internal static class MountRequirement
{
    public const string Program = "unshare";

    private static readonly Lazy<bool> IsMet = new(Probe);

    /// <summary>Makes the test's user root within a mount namespace of its own.</summary>
    public static string[] Arguments { get; } = ["--map-root-user", "--mount"];

    public static void Demand()
    {
        if (!IsMet.Value)
        {
            const string Reason = "A private mount namespace is needed: Linux, 'unshare' from util-linux, and the right to use it.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }
    }

    private static bool Probe()
    {
        try
        {
            ProcessStartInfo start = new(Program, [.. Arguments, "/bin/sh", "-c", "mount -t tmpfs tmpfs /mnt"]) { RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
