using System.Diagnostics;
using System.Globalization;
using System.Text;
using DpopHttp.Tests.Support;

namespace DpopHttp.Tool.Tests.Tour;

/// <summary>docs/tool.md, command by command, in one shell, with the packed tool.</summary>
public sealed class TourTests : IDisposable
{
    private const string End = "@@end ";

    private readonly string _folder = Directory.CreateTempSubdirectory("dpop-tour-").FullName;

    [Fact]
    public async Task The_tour_does_what_the_page_says()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tour is for a POSIX shell with curl.");
        string markdown = await File.ReadAllTextAsync(Path.Combine(PackedTool.Root, "docs", "tool.md"), TestContext.Current.CancellationToken);
        (string serve, string proxy) = ($"{FreePort.Find()}", $"{FreePort.Find()}");
        string page = markdown.Replace("9449/", serve + "/", StringComparison.Ordinal).Replace("127.0.0.1:9449", "127.0.0.1:" + serve, StringComparison.Ordinal)
            .Replace("127.0.0.1:9450", "127.0.0.1:" + proxy, StringComparison.Ordinal)
            .Replace("dpop serve --", $"dpop serve --port {serve} --", StringComparison.Ordinal).Replace("dpop proxy --to", $"dpop proxy --port {proxy} --to", StringComparison.Ordinal);
        IReadOnlyList<TourBlock> blocks = TourBlock.Read(page);
        Assert.True(blocks.Count >= 9, $"{blocks.Count} blocks were found.");

        string tools = await PackedTool.InstallAsync(_folder);
        string script = Path.Combine(_folder, "tour.sh");
        await File.WriteAllTextAsync(script, ScriptOf(blocks), TestContext.Current.CancellationToken);
        ProcessStartInfo start = new("bash", [script]) { WorkingDirectory = _folder };
        start.Environment["PATH"] = $"{tools}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["CLIENT_SECRET"] = Guid.NewGuid().ToString("N");
        start.Environment["no_proxy"] = "127.0.0.1,localhost";
        (_, string output) = await PackedTool.StartAsync(start);

        string[] parts = output.Split(End);
        Assert.Equal(blocks.Count + 1, parts.Length);
        for (int i = 0; i < blocks.Count; i++)
        {
            int exitCode = int.Parse(parts[i + 1].Split('\n')[0], CultureInfo.InvariantCulture);
            Assert.True(exitCode == blocks[i].ExitCode, $"Exit code {exitCode} of {blocks[i].Commands}{parts[i]}");
            string[] missing = [.. blocks[i].Missing(parts[i])];
            Assert.True(missing.Length == 0, $"{blocks[i].Commands}doesn't print{Environment.NewLine}{string.Join('\n', missing)}{Environment.NewLine}but{Environment.NewLine}{parts[i]}");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string ScriptOf(IReadOnlyList<TourBlock> blocks)
    {
        StringBuilder script = new("exec 2>&1\nservers=()\n");
        for (int i = 0; i < blocks.Count; i++)
        {
            string commands = blocks[i].Commands.TrimEnd('\n');
            if (!blocks[i].IsBackground)
            {
                script.Append(CultureInfo.InvariantCulture, $"{commands}\necho \"{End}$?\"\n");
                continue;
            }

            // It is ready when it has printed its last line.
            script.Append(CultureInfo.InvariantCulture, $"{commands} > out{i} 2>&1 &\nservers+=($!)\n")
                .Append(CultureInfo.InvariantCulture, $"until grep -q 'Ctrl+C' out{i} || ! kill -0 $!; do sleep 0.1; done\ncat out{i}\n");
            if (blocks[i].Variable is { } name)
            {
                script.Append(CultureInfo.InvariantCulture, $"{name}=$(grep -o -m1 'http://127.0.0.1:[^ ]*' out{i})\n");
            }

            script.Append(CultureInfo.InvariantCulture, $"echo \"{End}0\"\n");
        }

        return script.Append("kill ${servers[@]}\nwait\n").ToString();
    }
}
