using System.Globalization;
using DpopHttp.Tokens.Tests.Support;

namespace DpopHttp.Tokens.Tests.RefreshTokens;

/// <summary>A process that is killed while it renews a refresh token.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>More of them by the environment variable DPOP_KILLS.</summary>
    private static readonly int Kills = int.TryParse(Environment.GetEnvironmentVariable("DPOP_KILLS"), CultureInfo.InvariantCulture, out int kills) ? kills : 100;

    /// <summary>After how many tokens at most.</summary>
    private const int Saves = 12;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task After_a_kill_the_file_has_the_last_token_that_was_saved_or_the_one_after_it()
    {
        Random random = new(Seed: Kills);
        string path = Path.Combine(_folder.FullName, "refresh-token.json");
        int last = 0, halfDone = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using OtherProcess process = await OtherProcess.StartAsync(["save", path]);
            for (int i = random.Next(Saves); i > 0; i--)
            {
                last = Number(await process.ReadLineAsync());
            }

            Thread.SpinWait(random.Next(20_000));
            string[] lines = await process.KillAsync();

            // The last line may have been cut off.
            last = Math.Max(last, lines.SkipLast(1).Select(Number).LastOrDefault());
            halfDone += _folder.EnumerateFiles("*.tmp").Any() ? 1 : 0;
            DpopRefreshToken? found = await DpopRefreshTokenStore.InFile(path).LoadAsync(CancellationToken.None);
            int number = found is null ? 0 : Number(found.Value["refresh-".Length..]);
            Assert.InRange(number, last, last + 2);
            last = number;
        }

        output.WriteLine($"{Kills} kills, {halfDone} of them within a write; {last} tokens.");

        // Without these the test would prove nothing.
        Assert.InRange(halfDone, Kills / 20, Kills);
        Assert.True(last > Kills, $"{last} tokens");
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
