using System.Runtime.CompilerServices;

namespace DpopHttp.Tokens.Tests.Golden;

/// <summary>The files of version 1, and how they were made.</summary>
public class GoldenFiles
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", "v1", name));

    public static string ReadText(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "v1", name)).Trim();

    /// <summary>Into the folder of the sources. Once they are released they are not written again.</summary>
    [Fact(Explicit = true)]
    public async Task Write_them_anew()
    {
        string folder = Path.Combine(Path.GetDirectoryName(SourceFile())!, "v1");
        await using GoldenBench bench = new(GoldenBench.ObtainedAt);
        await bench.CallAsync();
        await File.WriteAllBytesAsync(Path.Combine(folder, "shared-token.json"), bench.Cache.Written.Single());
        await File.WriteAllTextAsync(Path.Combine(folder, "shared-token.entry"), bench.Cache.Asked.Single() + "\n");

        string file = Path.Combine(folder, "refresh-token.json");
        File.Delete(file);
        await DpopRefreshTokenStore.InFile(file).SaveAsync(new DpopRefreshToken(GoldenBench.RefreshToken, bench.Thumbprint), CancellationToken.None);
    }

    private static string SourceFile([CallerFilePath] string path = "") => path;
}
