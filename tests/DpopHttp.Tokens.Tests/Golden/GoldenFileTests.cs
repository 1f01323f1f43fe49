using System.Text;

namespace DpopHttp.Tokens.Tests.Golden;

/// <summary>What version 1 stored is read now, and what is stored now is the same.</summary>
public sealed class GoldenFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string File => Path.Combine(_folder.FullName, "refresh-token.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_refresh_token_file_is_read()
    {
        await using GoldenBench bench = new(GoldenBench.ObtainedAt);
        await System.IO.File.WriteAllBytesAsync(File, GoldenFiles.Read("refresh-token.json"));
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        DpopRefreshToken? read = await DpopRefreshTokenStore.InFile(File).LoadAsync(CancellationToken.None);
        Assert.Equal((GoldenBench.RefreshToken, bench.Thumbprint), (read?.Value, read?.KeyThumbprint));
    }

    [Fact]
    public async Task A_refresh_token_file_is_written_as_it_was()
    {
        await using GoldenBench bench = new(GoldenBench.ObtainedAt);
        await DpopRefreshTokenStore.InFile(File).SaveAsync(new DpopRefreshToken(GoldenBench.RefreshToken, bench.Thumbprint), CancellationToken.None);
        Assert.Equal(GoldenFiles.ReadText("refresh-token.json"), Encoding.UTF8.GetString(await System.IO.File.ReadAllBytesAsync(File)));
    }

    [Fact]
    public async Task A_refresh_token_file_of_a_confidential_client_is_read_and_written_as_it_was()
    {
        const string Value = "a \"test vector\", no secret";
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InFile(File);
        await store.SaveAsync(new DpopRefreshToken(Value), CancellationToken.None);
        Assert.Equal(GoldenFiles.Read("refresh-token-without-key.json"), await System.IO.File.ReadAllBytesAsync(File));
        DpopRefreshToken? read = await store.LoadAsync(CancellationToken.None);
        Assert.Equal((Value, null), (read?.Value, read?.KeyThumbprint));
    }

    [Fact]
    public async Task A_shared_entry_is_found_by_its_name_and_read()
    {
        await using GoldenBench bench = new(GoldenBench.ObtainedAt + TimeSpan.FromMinutes(20));
        bench.Cache.Content = _ => GoldenFiles.Read("shared-token.json");
        Assert.Equal($"DPoP {GoldenBench.AccessToken}", await bench.CallAsync());
        Assert.Equal(GoldenFiles.ReadText("shared-token.entry"), bench.Cache.Asked.Single());
        Assert.Empty(bench.Cache.Written);
    }

    [Fact]
    public async Task The_times_of_a_shared_entry_are_read()
    {
        await using GoldenBench bench = new(GoldenBench.ObtainedAt + TimeSpan.FromMinutes(61));
        bench.Cache.Content = _ => GoldenFiles.Read("shared-token.json");
        await bench.CallAsync();
        Assert.Single(bench.Cache.Written);
    }

    [Fact]
    public async Task A_shared_entry_is_written_as_it_was()
    {
        await using GoldenBench bench = new(GoldenBench.ObtainedAt);
        await bench.CallAsync();
        Assert.Equal(GoldenFiles.ReadText("shared-token.json"), Encoding.UTF8.GetString(bench.Cache.Written.Single()));
    }
}
