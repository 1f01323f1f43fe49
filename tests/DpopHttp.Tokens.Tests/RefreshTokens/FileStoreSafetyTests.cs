using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using DpopHttp.Tests.Keys.Fuzzing;
using DpopHttp.Tokens.RefreshTokens;

namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>Pipes, links, other users and faulty content in place of a refresh token's file.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileStoreSafetyTests(ITestOutputHelper output) : IDisposable
{
    private const int AnotherUser = 61001;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Target => Path.Combine(_folder.FullName, "refresh-token.json");

    private DpopRefreshTokenStore Store => DpopRefreshTokenStore.InFile(Target);

    [Fact]
    public async Task A_pipe_in_place_of_the_file_or_of_its_lock_is_refused_at_once()
    {
        SkipOnWindows();
        Run("mkfifo", "-m", "600", Target, Target + ".lock");
        Assert.Contains("a pipe", (await Assert.ThrowsAnyAsync<IOException>(() => Store.LoadAsync(CancellationToken.None).AsTask())).Message, StringComparison.Ordinal);
        Assert.Contains("a pipe", (await Assert.ThrowsAnyAsync<IOException>(() => Store.LockAsync(CancellationToken.None).AsTask())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_that_lead_nowhere_make_no_file()
    {
        SkipOnWindows();
        DirectoryInfo elsewhere = _folder.CreateSubdirectory("elsewhere");
        File.CreateSymbolicLink(Target, Path.Combine("elsewhere", "token"));
        await Assert.ThrowsAnyAsync<IOException>(() => Store.LoadAsync(CancellationToken.None).AsTask());
        await Assert.ThrowsAnyAsync<IOException>(() => Store.SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None).AsTask());
        File.Delete(Target);
        File.CreateSymbolicLink(Target + ".lock", Path.Combine("elsewhere", "lock"));
        await Assert.ThrowsAnyAsync<IOException>(() => Store.LockAsync(CancellationToken.None).AsTask());
        Assert.Empty(elsewhere.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task A_link_to_a_file_that_is_there_is_followed_and_stays_one()
    {
        SkipOnWindows();
        DirectoryInfo real = _folder.CreateSubdirectory("real");
        await DpopRefreshTokenStore.InFile(Path.Combine(real.FullName, "token")).SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None);
        File.CreateSymbolicLink(Target, Path.Combine("real", "token"));
        Assert.Equal("refresh-1", (await Store.LoadAsync(CancellationToken.None))?.Value);
        await Store.SaveAsync(new DpopRefreshToken("refresh-2"), CancellationToken.None);
        Assert.NotNull(new FileInfo(Target).LinkTarget);
        Assert.Equal("refresh-2", (await DpopRefreshTokenStore.InFile(Path.Combine(real.FullName, "token")).LoadAsync(CancellationToken.None))?.Value);
    }

    [Fact]
    public async Task A_file_of_another_user_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can give files away.");
        await Store.SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None);
        Run("chown", $"{AnotherUser}", Target);
        IOException exception = await Assert.ThrowsAnyAsync<IOException>(() => Store.LoadAsync(CancellationToken.None).AsTask());
        Assert.Contains($"The file belongs to user {AnotherUser}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_in_which_others_may_exchange_files_is_refused()
    {
        SkipOnWindows();
        await Store.SaveAsync(new DpopRefreshToken("refresh-1"), CancellationToken.None);
        Run("chmod", "777", _folder.FullName);
        await Assert.ThrowsAnyAsync<IOException>(() => Store.LoadAsync(CancellationToken.None).AsTask());
        await Assert.ThrowsAnyAsync<IOException>(() => Store.SaveAsync(new DpopRefreshToken("refresh-2"), CancellationToken.None).AsTask());
        await Assert.ThrowsAnyAsync<IOException>(() => Store.LockAsync(CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task The_wait_for_the_lock_ends_when_it_is_cancelled()
    {
        await using IAsyncDisposable? held = await Store.LockAsync(CancellationToken.None);
        using CancellationTokenSource cancellation = new();
        Task<IAsyncDisposable?> taking = Store.LockAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
    }

    [Fact]
    public async Task Faulty_files_are_refused_or_loaded_at_a_bounded_cost()
    {
        Mutation mutation = new(17);
        Bounds bounds = new();
        byte[][] samples = [.. new[]
        {
            """{"refresh_token":"a-refresh-token","jkt":"Gp59BMwB0v8Up57XWRLmmKXLV5mr2PoEakl2hH6NJ10"}""",
            """{"refresh_token":"with \"quotes\" \\ and \u00e9"}""",
        }.Select(Encoding.UTF8.GetBytes)];
        await Store.SaveAsync(new DpopRefreshToken("for its mode"), CancellationToken.None);
        for (int round = 0; round < Bounds.Rounds; round++)
        {
            byte[] content = mutation.Next(samples);
            File.WriteAllBytes(Target, content);
            bounds.Run<InvalidDataException>(round, () => ((FileStore)Store).Load());
            Assert.Equal(content, File.ReadAllBytes(Target));
        }

        output.WriteLine(bounds.ToString());
        Assert.InRange(bounds.Refused, Bounds.Rounds / 4, Bounds.Rounds);
        Assert.InRange(bounds.Accepted, 1, Bounds.Rounds);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither pipes nor modes in its file system.");

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
