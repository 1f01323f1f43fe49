using System.CommandLine;
using DpopHttp.Tool.Output;
using Spectre.Console;

namespace DpopHttp.Tool.Inputs;

/// <summary>Where the passphrase of a key file comes from. Never from an argument, which every user of the machine can read.</summary>
internal sealed class PassphraseOptions
{
    private const string Variable = "DPOP_PASSPHRASE";

    private readonly Option<bool> _ask = new("--passphrase")
    {
        Description = $"The key file is encrypted: ask for its passphrase, unless ${Variable} or --passphrase-file has it.",
    };

    private readonly Option<string?> _file = new("--passphrase-file")
    {
        Description = "The key file is encrypted: read its passphrase from a file.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_ask);
        command.Options.Add(_file);
    }

    /// <summary>The protection, or null for a key file that isn't encrypted.</summary>
    /// <exception cref="ToolException">A passphrase is needed and can't be had.</exception>
    public async Task<DpopKeyProtection?> ReadAsync(
        ParseResult arguments, ToolConsole console, CancellationToken cancellationToken, bool isNew = false)
    {
        if (arguments.GetValue(_file) is { } file)
        {
            return DpopKeyProtection.FromPassphrase(
                await InputText.ReadWordAsync(console, file, "passphrase", cancellationToken).ConfigureAwait(false));
        }

        if (!arguments.GetValue(_ask))
        {
            return null;
        }

        return DpopKeyProtection.FromPassphrase(console.GetVariable(Variable) ?? Ask(console, isNew));
    }

    private static string Ask(ToolConsole console, bool isNew)
    {
        if (!console.Terminal.IsInput)
        {
            throw new ToolException($"There is no terminal to ask for the passphrase. Set ${Variable}, or give --passphrase-file.");
        }

        string passphrase = Prompt(console, "Passphrase: ");
        return isNew && Prompt(console, "Once more: ") != passphrase
            ? throw new ToolException("The two passphrases differ. No key was made.")
            : passphrase;
    }

    // Spectre's prompts write to standard output, which belongs to the result.
    private static string Prompt(ToolConsole console, string question)
    {
        console.AnsiError.Write(new Text(question));
        List<char> typed = [];
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } press)
        {
            if (press.Key == ConsoleKey.Backspace && typed.Count > 0)
            {
                typed.RemoveAt(typed.Count - 1);
            }
            else if (!char.IsControl(press.KeyChar))
            {
                typed.Add(press.KeyChar);
            }
        }

        console.AnsiError.WriteLine();
        return typed.Count > 0
            ? new string([.. typed])
            : throw new ToolException("The passphrase is empty. An empty passphrase protects nothing.");
    }
}
