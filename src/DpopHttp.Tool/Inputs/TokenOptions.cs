using System.CommandLine;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Inputs;

/// <summary>The options that give an access token.</summary>
internal sealed class TokenOptions
{
    private readonly Option<string?> _token = new("--token", "-t")
    {
        Description = "The access token. Other users of this machine can see it while the command runs; --token-file hides it.",
        HelpName = "TOKEN",
    };

    private readonly Option<string?> _file = new("--token-file")
    {
        Description = "A file with the access token, or - for standard input.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_token);
        command.Options.Add(_file);
    }

    /// <summary>The token, or null when none was given.</summary>
    /// <exception cref="ToolException">The file can't be read, or both options are given.</exception>
    public async Task<string?> ReadAsync(ParseResult arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        string? token = arguments.GetValue(_token);
        if (arguments.GetValue(_file) is not { } file)
        {
            return token is "" ? throw new ToolException("The value of --token is empty. Is the variable that it comes from set?") : token;
        }

        return token is null
            ? await InputText.ReadWordAsync(console, file, "access token", cancellationToken).ConfigureAwait(false)
            : throw new ToolException("--token and --token-file are both given. Give one of them.");
    }
}
