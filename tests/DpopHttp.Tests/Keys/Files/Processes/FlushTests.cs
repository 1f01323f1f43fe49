using System.Text.RegularExpressions;

namespace DpopHttp.Tests.Keys.Files.Processes;

/// <summary>What a crash of the machine leaves: no test can crash one, but the order of the system calls shows it.</summary>
[Collection(OneByOne.Name)]
public sealed partial class FlushTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    [Fact]
    public async Task A_key_is_on_the_disk_before_it_gets_its_name_and_has_its_name_there_before_it_is_used()
    {
        Assert.Equal(["create key", "flush key", "rename key", "flush directory"], await WatchAsync("open"));
    }

    [Fact]
    public async Task A_former_key_is_on_the_disk_with_its_name_before_the_next_one_takes_its_place()
    {
        using DpopKey key = new DpopKeyFile(_directory.Key).Open();
        Assert.Equal(
            ["create key", "flush key", "create retired", "flush retired", "rename retired", "flush directory", "rename key", "flush directory"],
            await WatchAsync("rotate"));
    }

    public void Dispose() => _directory.Dispose();

    private async Task<List<string>> WatchAsync(string command)
    {
        StraceRequirement.Demand();
        using KeyDirectory trace = new();
        string[] output = await KeyFileProgram.RunAsync(
            StraceRequirement.Program, ["-f", "-qq", "-e", "trace=open,openat,fsync,rename,renameat,renameat2", "-o", trace["calls"], KeyFileProgram.Program, command, _directory.Key]);
        Assert.StartsWith("ok ", output[^1], StringComparison.Ordinal);
        return [.. Steps(await File.ReadAllLinesAsync(trace["calls"]))];
    }

    private IEnumerable<string> Steps(string[] calls)
    {
        Dictionary<string, string> open = [];
        foreach (Match call in calls.Select(call => Call().Match(call)).Where(call => call.Success))
        {
            (string name, string path, string result) = (call.Groups["name"].Value, call.Groups["path"].Value, call.Groups["result"].Value);
            if (name.StartsWith("open", StringComparison.Ordinal))
            {
                open[result] = path == _directory.Path ? "directory" : path.Contains(".retired.", StringComparison.Ordinal) ? "retired" : "key";
                if (path.EndsWith(".tmp", StringComparison.Ordinal))
                {
                    yield return $"create {open[result]}";
                }
            }
            else if (name == "fsync")
            {
                yield return $"flush {open[call.Groups["descriptor"].Value]}";
            }
            else
            {
                yield return path.Contains(".retired.", StringComparison.Ordinal) ? "rename retired" : "rename key";
            }
        }
    }

    [GeneratedRegex("""^\d+ +(?<name>\w+)\((AT_FDCWD, )?("(?<path>[^"]*)"|(?<descriptor>\d+)).*\) += (?<result>\d+)$""")]
    private static partial Regex Call();
}
