using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace DpopHttp.Tokens.Tests.Samples;

/// <summary>The Worker sample, as somebody would run it.</summary>
public partial class WorkerTests
{
    [Fact]
    public async Task The_worker_outlives_tokens_and_nonces_and_ends_with_0_on_SIGTERM()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using Process worker = Process.Start(new ProcessStartInfo(Executable()) { RedirectStandardOutput = true })!;
        try
        {
            string? line;
            (int Calls, int Tokens, int Nonces) seen = default;
            do
            {
                line = await worker.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
                seen = Tally().Match(line ?? "") is { Success: true } match ? (Number(match, 1), Number(match, 2), Number(match, 3)) : seen;
            }
            while (line is not null && !(seen is { Tokens: >= 3, Nonces: >= 6 }));

            Assert.NotNull(line);
            using Process kill = Process.Start("kill", ["-TERM", worker.Id.ToString(CultureInfo.InvariantCulture)]);
            await worker.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            string last = (await worker.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n')[^1];
            Assert.StartsWith("Ended:", last, StringComparison.Ordinal);
            Assert.Contains(" 0 failed,", last, StringComparison.Ordinal);
            Assert.Equal(0, worker.ExitCode);
            Assert.True(seen.Calls >= 20, line);
        }
        finally
        {
            worker.Kill();
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>Built with these tests, in the same configuration.</summary>
    private static string Executable()
    {
        string output = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string target = Path.GetFileName(output), configuration = Path.GetFileName(Path.GetDirectoryName(output)!);
        return Path.GetFullPath(Path.Combine(output, "../../../../../samples/Worker/bin", configuration, target, "Worker"));
    }

    [GeneratedRegex(@"(\d+) calls, \d+ failed, (\d+) tokens, (\d+) new nonces")]
    private static partial Regex Tally();
}
