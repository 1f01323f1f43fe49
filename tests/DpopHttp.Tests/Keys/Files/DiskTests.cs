namespace DpopHttp.Tests.Keys.Files;

/// <summary>Disks that are full or read-only, for real: small file systems that only the child process sees.</summary>
[Collection(OneByOne.Name)]
public sealed class DiskTests : IDisposable
{
    private const string Fill = "dd if=/dev/zero of=$DIR/filler bs=1k 2>/dev/null";
    private const string List = "echo files:; ls -A $DIR | grep -v filler";

    private readonly KeyDirectory _directory = new();

    [Fact]
    public async Task A_full_disk_is_an_error_and_leaves_no_file()
    {
        string[] lines = await RunAsync($"{Fill}; $CHILD open $DIR/key; {List}");
        AssertRefused(lines[1], "space");
        Assert.DoesNotContain("key", Files(lines));
        Assert.DoesNotContain(Files(lines), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rotation_on_a_full_disk_is_an_error_and_the_old_key_opens()
    {
        string[] lines = await RunAsync($"$CHILD open $DIR/key; {Fill}; cp $DIR/key /dev/null; $CHILD rotate $DIR/key; $CHILD open $DIR/key; {List}");
        Assert.StartsWith("ok ", lines[1], StringComparison.Ordinal);
        AssertRefused(lines[3], "space");
        Assert.Equal(lines[1], lines[5]);
        Assert.Equal(["key", "key.lock"], Files(lines).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Rotation_on_a_disk_with_room_for_one_key_more_is_an_error_and_leaves_no_second_file()
    {
        string[] lines = await RunAsync($"$CHILD open $DIR/key; dd if=/dev/zero of=$DIR/filler bs=4k count=2 2>/dev/null; $CHILD rotate $DIR/key; $CHILD open $DIR/key; {List}");
        Assert.StartsWith("ok ", lines[1], StringComparison.Ordinal);
        AssertRefused(lines[3], "space");
        Assert.Equal(lines[1], lines[5]);
        Assert.Equal(["key", "key.lock"], Files(lines).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_only_disk_opens_the_key_that_it_has()
    {
        string[] lines = await RunAsync($"$CHILD open $DIR/key; mount -o remount,ro $DIR; $CHILD open $DIR/key; {List}");
        Assert.StartsWith("ok ", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[1], lines[3]);
        Assert.Equal(["key", "key.lock"], Files(lines).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_read_only_disk_makes_and_rotates_none()
    {
        string[] lines = await RunAsync($"$CHILD open $DIR/key; mount -o remount,ro $DIR; $CHILD open $DIR/other; $CHILD rotate $DIR/key; $CHILD open $DIR/key; {List}");
        AssertRefused(lines[3], "Read-only");
        Assert.Contains("put the key file there beforehand", lines[3], StringComparison.Ordinal);
        AssertRefused(lines[5], "Read-only");
        Assert.Equal(lines[1], lines[7]);
        Assert.Equal(["key", "key.lock"], Files(lines).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _directory.Dispose();

    private static void AssertRefused(string outcome, string reason)
    {
        Assert.StartsWith("key_unavailable The key file", outcome, StringComparison.Ordinal);
        Assert.Contains(reason, outcome, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Files(string[] lines) => lines.SkipWhile(line => line != "files:").Skip(1);

    /// <summary>Runs the script with a disk of 16 KB at $DIR.</summary>
    private async Task<string[]> RunAsync(string script)
    {
        MountRequirement.Demand();
        string mount = $"DIR='{_directory.Path}'; CHILD='{KeyFileProcess.Program}'; mount -t tmpfs -o size=16k tmpfs $DIR || exit 1; ";
        string[] lines = await KeyFileProcess.RunAsync(MountRequirement.Program, [.. MountRequirement.Arguments, "/bin/sh", "-c", mount + script]);
        Assert.Empty(_directory.Names);
        return lines;
    }
}
