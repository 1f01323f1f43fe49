using System.Runtime.Versioning;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>
/// Secrets as Kubernetes mounts them: a read-only file system, on which a link leads through the link "..data" to the file, so that an update
/// exchanges all files at once. The container's user isn't root.
/// </summary>
[UnsupportedOSPlatform("windows")]
[Collection(OneByOne.Name)]
public sealed class MountedSecretTests : IClassFixture<OtherUser>, IDisposable
{
    private readonly KeyDirectory _directory = new();
    private readonly KeyDirectory _source = new();
    private readonly OtherUser _user;

    public MountedSecretTests(OtherUser user)
    {
        _user = user;
        _user.Demand();
        MountRequirement.Demand();
    }

    [Theory]
    [InlineData("440", "0:62000", "3777")]
    [InlineData("440", "0:62000", "1777")]
    [InlineData("440", "0:62000", "777")]
    [InlineData("400", "61001:61001", "3777")]
    public async Task A_secret_for_the_containers_user_opens(string mode, string owner, string directoryMode)
    {
        using DpopKey key = new DpopKeyFile(_source.Key).Open();
        Assert.Equal($"ok {key.Thumbprint}", await OpenAsync(mode, owner, directoryMode));
    }

    [Fact]
    public async Task A_secret_with_the_default_mode_is_refused_and_the_error_says_what_to_set()
    {
        using DpopKey key = new DpopKeyFile(_source.Key).Open();
        string outcome = await OpenAsync("644", "0:0", "1777");
        Assert.StartsWith("key_unavailable The key file", outcome, StringComparison.Ordinal);
        Assert.Contains("set defaultMode 0400 on the volume and fsGroup", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_of_all_that_can_be_written_is_refused_where_the_same_one_is_accepted_on_a_read_only_disk()
    {
        using DpopKey key = new DpopKeyFile(_source.Key).Open();
        Assert.Contains("may exchange the files", await OpenAsync("440", "0:62000", "777", remount: "rw"), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _directory.Dispose();
        _source.Dispose();
    }

    private async Task<string> OpenAsync(string mode, string owner, string directoryMode, string remount = "ro")
    {
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)Convert.ToInt32("755", 8));
        string script = $"""
            set -e
            mount -t tmpfs -o size=1m,mode={directoryMode},gid={OtherUser.SharedGroup} tmpfs '{_directory.Path}'
            cd '{_directory.Path}'
            mkdir ..2026_11_26
            cp '{_source.Key}' ..2026_11_26/key.jwk
            chown {owner} ..2026_11_26/key.jwk
            chmod {mode} ..2026_11_26/key.jwk
            ln -s ..2026_11_26 ..data
            ln -s ..data/key.jwk key.jwk
            mount -o remount,{remount} '{_directory.Path}'
            setpriv {string.Join(' ', OtherUser.Acting(OtherUser.SharedGroup))} '{_user.Program}' open '{_directory["key.jwk"]}'
            """;
        return (await KeyFileProcess.RunAsync(MountRequirement.Program, ["--mount", "/bin/sh", "-c", script]))[^1];
    }
}
