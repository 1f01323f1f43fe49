namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>What one version has written, every later version reads: see Golden/README.md.</summary>
public sealed class GoldenRefreshTokenTests : IDisposable
{
    private const string Value = "a \"test vector\", no secret";
    private const string Thumbprint = "Gp59BMwB0v8Up57XWRLmmKXLV5mr2PoEakl2hH6NJ10";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Target => Path.Combine(_folder.FullName, "refresh-token.json");

    [Theory]
    [InlineData("v1", "refresh-token.json", Thumbprint)]
    [InlineData("v1", "refresh-token-without-key.json", null)]
    public async Task A_refresh_token_of_an_earlier_version_is_loaded_and_is_written_again_as_it_was(string version, string name, string? thumbprint)
    {
        byte[] golden = await File.ReadAllBytesAsync(Path.Combine(FindGolden(), version, name));
        DpopRefreshTokenStore store = DpopRefreshTokenStore.InFile(Target);

        // Saved first, so that the file is its owner's alone: a checkout gives others the right to read.
        await store.SaveAsync(new DpopRefreshToken(Value, thumbprint), CancellationToken.None);
        Assert.Equal(golden, await File.ReadAllBytesAsync(Target));
        await store.SaveAsync(new DpopRefreshToken("another"), CancellationToken.None);
        await File.WriteAllBytesAsync(Target, golden);
        DpopRefreshToken? loaded = await store.LoadAsync(CancellationToken.None);
        Assert.Equal((Value, thumbprint), (loaded?.Value, loaded?.KeyThumbprint));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string FindGolden()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DpopHttp.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("The tests run inside the repository."), "tests", "DpopHttp.Tokens.Tests", "Golden");
    }
}
