using System.Diagnostics;
using System.Runtime.Versioning;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>Rights, directories and links, on Unix.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AccessTests : IDisposable
{
    private readonly KeyDirectory _directory = new();

    public AccessTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");

    [Theory]
    [InlineData("640")]
    [InlineData("604")]
    [InlineData("620")]
    [InlineData("602")]
    [InlineData("666")]
    [InlineData("444")]
    public void Open_AFileThatOthersMayUse_IsRefused(string mode)
    {
        using DpopKey key = new DpopKeyFile(_directory.Key).Open();
        File.SetUnixFileMode(_directory.Key, (UnixFileMode)Convert.ToInt32(mode, 8));
        DpopException exception = Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
        Assert.Contains("chmod 600", exception.Message, StringComparison.Ordinal);
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Rotate());
        Assert.Equal(Convert.ToInt32(mode, 8), (int)File.GetUnixFileMode(_directory.Key));
    }

    [Theory]
    [InlineData("400")]
    [InlineData("600")]
    [InlineData("700")]
    public void Open_AFileForItsOwner_OpensIt(string mode)
    {
        using DpopKey key = new DpopKeyFile(_directory.Key).Open();
        File.SetUnixFileMode(_directory.Key, (UnixFileMode)Convert.ToInt32(mode, 8));
        using DpopKey opened = new DpopKeyFile(_directory.Key).Open();
        Assert.Equal(key.Thumbprint, opened.Thumbprint);
    }

    [Fact]
    public void Every_file_that_is_written_is_its_owners_alone()
    {
        DpopKeyFile file = new(_directory.Key);
        using DpopKey key = file.Open();
        using DpopKey next = file.Rotate();
        Assert.Equal(3, _directory.Names.Length);
        Assert.All(_directory.Names, name => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_directory[name])));
    }

    [Fact]
    public async Task Open_AFileThatMayNotBeRead_IsRefused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess && !OperatingSystem.IsLinux(), "Root can only leave its rights behind on Linux.");
        using DpopKey key = new DpopKeyFile(_directory.Key).Open();
        byte[] content = await File.ReadAllBytesAsync(_directory.Key);
        File.SetUnixFileMode(_directory.Key, UnixFileMode.UserWrite);

        // Root may read everything, unless it leaves that right behind.
        string[] output = Environment.IsPrivilegedProcess
            ? await KeyFileProcess.RunAsync("setpriv", ["--bounding-set=-dac_override,-dac_read_search", KeyFileProcess.Program, "open", _directory.Key])
            : await KeyFileProcess.RunAsync(KeyFileProcess.Program, ["open", _directory.Key]);
        Assert.StartsWith($"key_unavailable The key file {_directory.Key} cannot be read", output[^1], StringComparison.Ordinal);
        Assert.Contains("denied", output[^1], StringComparison.Ordinal);
        File.SetUnixFileMode(_directory.Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(content, await File.ReadAllBytesAsync(_directory.Key));
        Assert.Equal(["key", "key.lock"], _directory.Names);
    }

    [Fact]
    public void Open_ADirectory_IsRefused()
    {
        Directory.CreateDirectory(_directory.Key);
        DpopException exception = Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
        Assert.Contains("leads to a directory. Give the path of a file in it", exception.Message, StringComparison.Ordinal);
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Rotate());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Key));
    }

    [Fact]
    public async Task Open_APipe_IsRefused()
    {
        using (Process mkfifo = Process.Start("mkfifo", ["-m", "600", _directory.Key]))
        {
            await mkfifo.WaitForExitAsync();
        }

        // Nobody has its other end: to wait for that would take forever.
        DpopKeyFile file = new(_directory.Key);
        using DpopKey key = DpopKey.Generate();
        foreach (Func<DpopKey?> use in (Func<DpopKey?>[])[file.Open, file.Rotate, () => file.Find(key.Thumbprint), () => file.OpenAsync().GetAwaiter().GetResult()])
        {
            DpopException exception = Assert.Throws<DpopException>(use);
            Assert.Equal(DpopErrorCodes.KeyUnavailable, exception.Code);
            Assert.Contains("a pipe, a socket or a device", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["key", "key.lock"], _directory.Names);
    }

    [Fact]
    public async Task Open_APipeAsTheLock_IsRefused()
    {
        using (Process mkfifo = Process.Start("mkfifo", ["-m", "600", _directory.Key + ".lock"]))
        {
            await mkfifo.WaitForExitAsync();
        }

        DpopException exception = Assert.Throws<DpopException>(() => new DpopKeyFile(_directory.Key).Open());
        Assert.Contains("a pipe, a socket or a device", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["key.lock"], _directory.Names);
    }

    [Fact]
    public void Open_InAMissingDirectory_IsRefusedAndMakesNone()
    {
        DpopKeyFile file = new(Path.Combine(_directory["missing"], "key"));
        using DpopKey key = DpopKey.Generate();
        Assert.Contains("Create the directory", Refusals.AssertLeftAlone(_directory, () => file.Open()).Message, StringComparison.Ordinal);
        Refusals.AssertLeftAlone(_directory, () => file.Rotate());
        Refusals.AssertLeftAlone(_directory, () => file.Find(key.Thumbprint));
        Refusals.AssertLeftAlone(_directory, () => file.Forget(key.Thumbprint));
        Assert.Empty(_directory.Names);
    }

    [Fact]
    public void A_link_is_followed_and_stays_one()
    {
        Directory.CreateDirectory(_directory["real"]);
        File.CreateSymbolicLink(_directory.Key, Path.Combine("real", "key"));
        using DpopKey made = new DpopKeyFile(Path.Combine(_directory["real"], "key")).Open();
        using DpopKey next = new DpopKeyFile(_directory.Key).Rotate();
        Assert.Equal(Path.Combine("real", "key"), new FileInfo(_directory.Key).LinkTarget);
        using DpopKey direct = new DpopKeyFile(Path.Combine(_directory["real"], "key")).Open();
        using DpopKey? retired = new DpopKeyFile(_directory.Key).Find(made.Thumbprint);
        Assert.Equal((next.Thumbprint, made.Thumbprint), (direct.Thumbprint, retired?.Thumbprint));
        Assert.Equal(["key", "real"], _directory.Names);
    }

    [Fact]
    public void A_link_to_a_file_that_is_not_there_makes_none()
    {
        Directory.CreateDirectory(_directory["elsewhere"]);
        File.CreateSymbolicLink(_directory.Key, Path.Combine("elsewhere", "file"));
        foreach (Func<DpopKey> use in (Func<DpopKey>[])[new DpopKeyFile(_directory.Key).Open, new DpopKeyFile(_directory.Key).Rotate])
        {
            Assert.Contains("No file is made through a link", Refusals.AssertLeftAlone(_directory, () => use()).Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory["elsewhere"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_in_place_of_the_lock_is_not_followed(bool isThere)
    {
        Directory.CreateDirectory(_directory["elsewhere"]);
        string target = Path.Combine(_directory["elsewhere"], "file");
        if (isThere)
        {
            File.WriteAllText(target, "as it was");
        }

        File.CreateSymbolicLink(_directory.Key + ".lock", target);
        DpopException exception = Assert.Throws<DpopException>(() => new DpopKeyFile(_directory.Key).Open());
        Assert.Contains("is a link, which isn't followed here", exception.Message, StringComparison.Ordinal);
        Assert.Equal(isThere ? "as it was" : null, File.Exists(target) ? File.ReadAllText(target) : null);
        Assert.Equal(["elsewhere", "key.lock"], _directory.Names);
    }

    [Fact]
    public void A_link_into_a_missing_directory_is_refused()
    {
        File.CreateSymbolicLink(_directory.Key, Path.Combine(_directory["missing"], "key"));
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Rotate());
        Assert.Equal(["key"], _directory.Names);
        Assert.NotNull(new FileInfo(_directory.Key).LinkTarget);
    }

    [Fact]
    public void A_link_to_itself_is_refused()
    {
        File.CreateSymbolicLink(_directory.Key, _directory.Key);
        Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open());
    }

    public void Dispose() => _directory.Dispose();
}
