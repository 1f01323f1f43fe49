using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>
/// A user of this machine who isn't root, and the program that uses key files as that user: a copy where the user can read it. Root only can act
/// as somebody else; tests are skipped where they don't run as root, but fail in CI.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class OtherUser : IDisposable
{
    public const int Id = 61001;

    /// <summary>The user's own group has the user's number.</summary>
    public const int OwnGroup = Id;

    /// <summary>As the fsGroup of a Kubernetes pod.</summary>
    public const int SharedGroup = 62000;

    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo? _copy;

    public OtherUser()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return;
        }

        _copy = Directory.CreateTempSubdirectory("dpop-program-");
        File.SetUnixFileMode(_copy.FullName, ReadableByAll);
        string[] patterns = ["DpopHttp.KeyFileProcess*", "DpopHttp.dll", "Microsoft.Extensions.*.dll"];
        foreach (string file in patterns.SelectMany(pattern => Directory.EnumerateFiles(AppContext.BaseDirectory, pattern)))
        {
            string copy = Path.Combine(_copy.FullName, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, ReadableByAll);
        }
    }

    /// <summary>The program, to be run by the user.</summary>
    public string Program => Path.Combine(_copy!.FullName, "DpopHttp.KeyFileProcess");

    /// <summary>Gives a file to somebody, without following a link.</summary>
    public static void Own(string path, int owner, int group)
    {
        using Process process = Process.Start("chown", ["-h", $"{owner}:{group}", path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>What comes before a command that the user runs, with the groups besides the user's own.</summary>
    public static string[] Acting(params int[] groups) =>
        ["--reuid", $"{Id}", "--regid", $"{OwnGroup}", .. groups.Length == 0 ? ["--clear-groups"] : (string[])["--groups", string.Join(',', groups)]];

    public void Demand()
    {
        const string Reason = "Root is needed, and 'setpriv' and 'chown' on Linux, to act as another user.";
        bool isMet = _copy is not null && Succeeds("setpriv", [.. Acting(SharedGroup), "true"]);
        if (!isMet)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }
    }

    /// <summary>Opens a key file as the user: "ok" and the thumbprint, or the error.</summary>
    public Task<string> OpenAsync(string path, params int[] groups) => UseAsync("open", path, groups);

    public async Task<string> UseAsync(string command, string path, params int[] groups) =>
        (await KeyFileProcess.RunAsync("setpriv", [.. Acting(groups), Program, command, path]))[^1];

    public void Dispose() => _copy?.Delete(recursive: true);

    private static bool Succeeds(string program, string[] arguments)
    {
        try
        {
            using Process process = Process.Start(program, arguments);
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
