using System.ComponentModel;
using System.Diagnostics;

namespace DpopHttp.Tests.Keys.Files.Processes;

/// <summary>Decides whether a test can watch another process's system calls; tests are skipped where not, but fail in CI.</summary>
internal static class StraceRequirement
{
    public const string Program = "strace";

    private static readonly Lazy<bool> IsMet = new(Probe);

    public static void Demand()
    {
        if (!IsMet.Value)
        {
            const string Reason = "'strace' is needed, and the right to use it: 'apt-get install strace'.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }
    }

    private static bool Probe()
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Program, ["-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
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
