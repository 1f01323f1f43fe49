using System.Runtime.Versioning;

namespace DpopHttp.Tests.Keys.Files;

/// <summary>Two users of one machine: what one can do to the key file of the other, and which files of root's the other may use.</summary>
[UnsupportedOSPlatform("windows")]
[Collection(OneByOne.Name)]
public sealed class OwnerTests : IClassFixture<OtherUser>, IDisposable
{
    private const int Root = 0;

    private readonly KeyDirectory _directory = new();
    private readonly OtherUser _user;

    public OwnerTests(OtherUser user)
    {
        _user = user;
        _user.Demand();
    }

    [Theory]
    [InlineData("700")]
    [InlineData("1777")]
    public void A_file_of_another_user_is_refused(string directoryMode)
    {
        Put(_directory.Key, "600", OtherUser.Id, OtherUser.OwnGroup);
        SetMode(_directory.Path, directoryMode);
        foreach (Func<DpopKey> use in (Func<DpopKey>[])[new DpopKeyFile(_directory.Key).Open, new DpopKeyFile(_directory.Key).Rotate])
        {
            DpopException exception = Refusals.AssertLeftAlone(_directory, () => use());
            Assert.Contains($"The file belongs to user {OtherUser.Id}", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("600", OtherUser.Id)]
    [InlineData("400", OtherUser.Id)]
    [InlineData("440", Root)]
    [InlineData("640", Root)]
    public async Task A_file_of_the_user_or_of_root_that_the_user_may_read_opens(string mode, int owner)
    {
        string thumbprint = Put(_directory.Key, mode, owner, OtherUser.SharedGroup);
        Enter();
        Assert.Equal($"ok {thumbprint}", await _user.OpenAsync(_directory.Key, OtherUser.SharedGroup));
    }

    [Theory]
    [InlineData("644", Root)]
    [InlineData("444", Root)]
    [InlineData("460", Root)]
    [InlineData("444", OtherUser.SharedGroup)]
    public async Task A_file_of_root_that_all_may_read_is_refused_and_the_error_says_what_a_mounted_secret_needs(string mode, int group)
    {
        Put(_directory.Key, mode, Root, group);
        Enter();
        string outcome = await _user.OpenAsync(_directory.Key, OtherUser.SharedGroup, Root);
        Assert.StartsWith($"key_unavailable The key file {_directory.Key} is refused. Others than its owner may use the file", outcome, StringComparison.Ordinal);
        Assert.Contains("set defaultMode 0400 on the volume and fsGroup in the pod's securityContext", outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_the_user_that_the_group_may_read_is_refused()
    {
        Put(_directory.Key, "440", OtherUser.Id, OtherUser.SharedGroup);
        Enter();
        Assert.Contains("chmod 600", await _user.OpenAsync(_directory.Key, OtherUser.SharedGroup), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("777", Root, Root)]
    [InlineData("703", Root, Root)]
    [InlineData("770", Root, OtherUser.SharedGroup)]
    [InlineData("770", OtherUser.Id, OtherUser.SharedGroup)]
    public async Task A_directory_in_which_others_may_exchange_files_is_refused(string mode, int owner, int group)
    {
        Put(_directory.Key, "600", OtherUser.Id, OtherUser.OwnGroup);
        Enter(mode, owner, group);
        string outcome = await _user.OpenAsync(_directory.Key, OtherUser.SharedGroup);
        Assert.StartsWith("key_unavailable", outcome, StringComparison.Ordinal);
        Assert.Contains($"may exchange the files in the directory {_directory.Path}", outcome, StringComparison.Ordinal);
        Assert.Contains($"mode {mode}", outcome, StringComparison.Ordinal);
        Assert.Equal(["key"], _directory.Names);
    }

    [Theory]
    [InlineData("1777", Root, Root)]
    [InlineData("3777", Root, OtherUser.SharedGroup)]
    [InlineData("755", Root, Root)]
    [InlineData("775", Root, OtherUser.OwnGroup)]
    [InlineData("770", OtherUser.Id, OtherUser.OwnGroup)]
    public async Task A_directory_in_which_nobody_else_may_exchange_files_is_accepted(string mode, int owner, int group)
    {
        string thumbprint = Put(_directory.Key, "600", OtherUser.Id, OtherUser.OwnGroup);
        Enter(mode, owner, group);
        Assert.Equal($"ok {thumbprint}", await _user.OpenAsync(_directory.Key));
    }

    [Theory]
    [InlineData("755")]
    [InlineData("1777")]
    public void A_directory_of_another_user_is_refused(string mode)
    {
        Put(_directory.Key, "600", Root, Root);
        Enter(mode, OtherUser.Id, OtherUser.OwnGroup);
        Assert.Contains("may exchange the files", Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_former_key_that_another_user_put_back_is_not_used()
    {
        DpopKeyFile file = new(_directory.Key);
        using DpopKey former = file.Open();
        using DpopKey current = file.Rotate();
        SetMode(_directory.Path, "777");
        File.Move($"{_directory.Key}.{former.Thumbprint}.retired", _directory.Key, overwrite: true);
        Refusals.AssertLeftAlone(_directory, () => file.Open());
        Refusals.AssertLeftAlone(_directory, () => file.Find(former.Thumbprint));
    }

    [Fact]
    public void A_link_of_another_user_is_not_followed()
    {
        using DpopKey key = new DpopKeyFile(_directory["mine"]).Open();
        File.CreateSymbolicLink(_directory.Key, "mine");
        OtherUser.Own(_directory.Key, OtherUser.Id, OtherUser.OwnGroup);
        SetMode(_directory.Path, "1777");
        Assert.Contains($"belongs to user {OtherUser.Id}", Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_of_another_user_is_not_taken()
    {
        File.WriteAllText(_directory.Key + ".lock", "");
        OtherUser.Own(_directory.Key + ".lock", OtherUser.Id, OtherUser.OwnGroup);
        SetMode(_directory.Path, "1777");
        Assert.Contains($"belongs to user {OtherUser.Id}", Refusals.AssertLeftAlone(_directory, () => new DpopKeyFile(_directory.Key).Open()).Message, StringComparison.Ordinal);
        Assert.Equal(["key.lock"], _directory.Names);
    }

    [Fact]
    public async Task A_temporary_file_of_another_user_stops_nothing()
    {
        Put(_directory.Key, "600", OtherUser.Id, OtherUser.OwnGroup);
        string foreign = $"{_directory.Key}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(foreign, "");
        Enter("1777");
        Assert.StartsWith("ok ", await _user.UseAsync("rotate", _directory.Key), StringComparison.Ordinal);
        Assert.True(File.Exists(foreign));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>A new key in a file with these rights; returns its thumbprint.</summary>
    private static string Put(string path, string mode, int owner, int group)
    {
        using DpopKey key = new DpopKeyFile(path).Open();
        File.Delete(path + ".lock");
        OtherUser.Own(path, owner, group);
        SetMode(path, mode);
        return key.Thumbprint;
    }

    private static void SetMode(string path, string mode) => File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));

    /// <summary>Lets others into the directory.</summary>
    private void Enter(string mode = "755", int owner = Root, int group = Root)
    {
        OtherUser.Own(_directory.Path, owner, group);
        SetMode(_directory.Path, mode);
    }
}
