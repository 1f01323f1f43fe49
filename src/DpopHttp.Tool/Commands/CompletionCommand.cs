using System.CommandLine;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Commands;

/// <summary>dpop completion: a script that completes the command's words in a shell.</summary>
internal sealed class CompletionCommand(ToolConsole console)
{
    private const string Bash = """
        _dpop() {
            local word
            COMPREPLY=()
            while IFS= read -r word; do
                [[ $word == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$word")
            done < <(dpop "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
        }
        complete -o default -F _dpop dpop
        """;

    private const string Zsh = """
        _dpop() {
            local -a suggestions
            suggestions=(${(f)"$(dpop "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)"})
            compadd -a suggestions || _files
        }
        compdef _dpop dpop
        """;

    private const string Fish = """
        complete -c dpop -a '(dpop "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName dpop -ScriptBlock {
            param($word, $line, $position)
            dpop "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh, fish or pwsh.", CompletionSources = { "bash", "zsh", "fish", "pwsh" } };

    public Command Create()
    {
        Command command = new("completion", "Print a script that completes commands and options in a shell.") { _shell };
        command.WithExamples("source <(dpop completion bash)", "dpop completion fish > ~/.config/fish/completions/dpop.fish");
        command.SetAction(Run);
        return command;
    }

    private int Run(ParseResult arguments)
    {
        console.Output.WriteLine(arguments.GetValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            "pwsh" => PowerShell,
            string other => throw new ToolException($"'{Printable.Clean(other, 40)}' isn't one of bash, zsh, fish and pwsh."),
            null => throw new ToolException("Name a shell: bash, zsh, fish or pwsh."),
        });
        return ExitCodes.Success;
    }
}
