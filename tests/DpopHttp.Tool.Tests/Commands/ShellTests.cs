using System.Diagnostics;
using DpopHttp.Tool.Tests.Tour;

namespace DpopHttp.Tool.Tests.Commands;

/// <summary>The scripts of dpop completion, in the shells that they are for.</summary>
public sealed class ShellTests : IDisposable
{
    /// <summary>What the shell does when somebody presses the tab key.</summary>
    private const string
        Bash = """
            source <(dpop completion bash)
            COMP_LINE=$1; COMP_POINT=${#1}
            IFS=' ' read -ra COMP_WORDS <<< "$1"
            [[ $1 == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _dpop
            printf '%s\n' "${COMPREPLY[@]}"
            """,
        Fish = "dpop completion fish | source; complete -C $argv[1]",
        Zsh = """
            compdef() { [[ $* == '_dpop dpop' ]] || exit 1 }
            compadd() { print -l -- ${(P)2} }
            source <(dpop completion zsh)
            BUFFER=$1 CURSOR=${#1}
            _dpop
            """;

    private readonly string _folder = Directory.CreateTempSubdirectory("dpop-shell-").FullName;

    [Theory]
    [InlineData("bash", Bash, true)]
    [InlineData("fish", Fish, true)]
    [InlineData("zsh", Zsh, false)]
    public async Task The_script_completes_words(string shell, string script, bool isFiltered)
    {
        Demand(shell);
        File.CreateSymbolicLink(Path.Combine(_folder, "dpop"), Path.Combine(AppContext.BaseDirectory, "DpopHttp.Tool"));
        Assert.Equal(["key"], await CompleteAsync(shell, script, "dpop k", isFiltered));
        Assert.Equal(["--help", "-h", "new", "show"], await CompleteAsync(shell, script, "dpop key ", isFiltered));
        Assert.Equal(["--timeout"], (await CompleteAsync(shell, script, "dpop call https://api.example.com --ti", isFiltered)).Where(word => word.StartsWith("--ti", StringComparison.Ordinal)));
        Assert.Contains("one-time", await CompleteAsync(shell, script, "dpop serve --nonce ", isFiltered));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<IEnumerable<string>> CompleteAsync(string shell, string script, string line, bool isFiltered)
    {
        string file = Path.Combine(_folder, "complete." + shell);
        await File.WriteAllTextAsync(file, script.ReplaceLineEndings("\n"), TestContext.Current.CancellationToken);
        ProcessStartInfo start = new(shell, [file, line]) { WorkingDirectory = _folder };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        (int exitCode, string output) = await PackedTool.StartAsync(start);
        Assert.True(exitCode == 0, output);

        // Fish adds the files, and shows descriptions behind a tab.
        string[] words = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Split('\t')[0]).Where(word => !File.Exists(Path.Combine(_folder, word)))];
        string last = line[(line.LastIndexOf(' ') + 1)..];
        return words.Where(word => isFiltered || word.StartsWith(last, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static void Demand(string shell)
    {
        if (Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, shell))))
        {
            return;
        }

        string reason = $"{shell} is not on the PATH. Install it: apt-get install {shell}.";
        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", reason);
        Assert.Skip(reason);
    }
}
