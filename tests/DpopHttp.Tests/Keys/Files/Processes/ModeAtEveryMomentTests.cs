using System.Runtime.Versioning;

namespace DpopHttp.Tests.Keys.Files.Processes;

[Collection(OneByOne.Name)]
[UnsupportedOSPlatform("windows")]
public class ModeAtEveryMomentTests(ITestOutputHelper output)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>How many looks at a temporary file are enough.</summary>
    private const int Sightings = 3000;

    /// <summary>How many rotations are: on a slow disk the looks may all be at one file.</summary>
    private const int Rotations = 20;

    [Fact]
    public async Task No_file_has_another_mode_than_0600_at_any_moment_even_where_the_umask_forbids_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        using KeyDirectory directory = new();
        using KeyFileProgram process = await KeyFileProgram.StartAsync("/bin/sh", ["-c", "umask 000; exec \"$0\" churn \"$1\"", KeyFileProgram.Program, directory.Path]);

        // Its reports must not fill the pipe and stop it.
        Task<List<string>> reports = process.ReadToEndAsync();
        Dictionary<string, int> seen = [];
        Dictionary<string, UnixFileMode> faults = [];
        while ((seen.GetValueOrDefault(".tmp") < Sightings || seen.GetValueOrDefault(".retired") < Rotations) && !reports.IsCompleted)
        {
            foreach (string path in Directory.EnumerateFiles(directory.Path))
            {
                string kind = Path.GetExtension(path);
                if (ModeOf(path) is { } mode)
                {
                    seen[kind] = seen.GetValueOrDefault(kind) + 1;
                    if (mode != OwnerOnly)
                    {
                        faults[path] = mode;
                    }
                }

                if (kind == ".retired")
                {
                    // Looked at once; a short directory is looked through more often.
                    File.Delete(path);
                }
            }
        }

        await process.KillAsync();
        await reports;
        output.WriteLine(string.Join(", ", seen.Select(kind => $"{kind.Value} looks at '{kind.Key}'")));
        Assert.Empty(faults);
        Assert.Equal(["", ".lock", ".retired", ".tmp"], seen.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>Null if the file is gone by now.</summary>
    private static UnixFileMode? ModeOf(string path)
    {
        try
        {
            return File.GetUnixFileMode(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
