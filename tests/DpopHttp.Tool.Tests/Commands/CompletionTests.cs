using DpopHttp.Tool.Tests.Support;
using DpopHttp.Tool.Tests.Tour;

namespace DpopHttp.Tool.Tests.Commands;

public sealed class CompletionTests : IDisposable
{
    private readonly ToolBench _bench = new();

    [Theory]
    [InlineData("dpop k", "key")]
    [InlineData("dpop key s", "show")]
    [InlineData("dpop explain --se", "--seen-url")]
    [InlineData("dpop completion ", "fish")]
    [InlineData("dpop key new --alg ", "PS256")]
    [InlineData("dpop serve --nonce ", "one-time")]
    public async Task Words_are_completed(string line, string word)
    {
        ToolRun run = (await _bench.RunAsync($"[suggest:{line.Length}]", line)).Succeeded();
        string[] words = run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(word, words);
        Assert.Equal(words.Distinct(), words);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _dpop dpop")]
    [InlineData("zsh", "compdef _dpop dpop")]
    [InlineData("fish", "complete -c dpop")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task There_is_a_script_for_each_shell(string shell, string text) =>
        Assert.Contains(text, (await _bench.RunAsync("completion", shell)).Succeeded().Output, StringComparison.Ordinal);

    [Fact]
    public async Task Another_shell_is_an_error() => (await _bench.RunAsync("completion", "tcsh")).Failed();

    [Fact]
    public async Task Alone_the_command_shows_its_help() => Assert.Contains("explain", (await _bench.RunAsync()).Succeeded().Output, StringComparison.Ordinal);

    [Fact]
    public async Task Every_command_has_examples_in_its_help_that_fit_a_terminal()
    {
        foreach (string command in (string[])["key new", "key show", "proof", "explain", "call", "token", "proxy", "serve", "probe", "completion"])
        {
            string help = (await _bench.RunAsync([.. command.Split(' '), "--help"])).Succeeded().Output;
            string[] examples = help[help.IndexOf("Examples:", StringComparison.Ordinal)..].Split(Environment.NewLine);
            Assert.True(examples.Length > 1, help);
            Assert.All(examples, line => Assert.InRange(line.Length, 0, 80));
        }
    }

    [Theory]
    [InlineData("src/DpopHttp.Tool/README.md")]
    [InlineData("docs/containers.md")]
    [InlineData("docs/authorization-servers.md")]
    [InlineData("docs/getting-started.md")]
    public async Task The_commands_of_a_page_have_the_options_that_it_gives_them(string page)
    {
        string[][] commands = [.. File.ReadLines(Path.Combine(PackedTool.Root, page)).Where(line => line.StartsWith("dpop ", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        Assert.NotEmpty(commands);
        foreach (string[] words in commands)
        {
            string[] command = [.. words.Skip(1).TakeWhile(word => word.All(char.IsAsciiLetterLower))];
            string help = (await _bench.RunAsync([.. command, "--help"])).Succeeded().Output;
            Assert.All(words.Where(word => word.StartsWith('-')), option => Assert.Contains($" {option} <", help[..help.IndexOf("Examples:", StringComparison.Ordinal)], StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_word_that_is_not_known_is_all_that_is_said()
    {
        string error = (await _bench.RunAsync("nonsense")).Failed().Error;
        Assert.Contains("'nonsense'", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Required", error, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();
}
