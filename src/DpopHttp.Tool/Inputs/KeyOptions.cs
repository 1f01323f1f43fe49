using System.CommandLine;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Inputs;

/// <summary>The options that name a key file, the same for every command.</summary>
internal sealed class KeyOptions
{
    /// <summary>The file that commands take when no other is named.</summary>
    public const string DefaultFile = "dpop-key.json";

    public const string FileVariable = "DPOP_KEY";

    private readonly Option<string?> _file = new("--key", "-k")
    {
        Description = $"The key file, as 'dpop key new' makes it. Default: ${FileVariable}, or {DefaultFile} in the current directory.",
        HelpName = "FILE",
    };

    private readonly PassphraseOptions _passphrase = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        _passphrase.AddTo(command);
    }

    /// <summary>The key file's path, whether it is there or not.</summary>
    public string PathOf(ParseResult arguments, ToolConsole console) =>
        Path.GetFullPath(arguments.GetValue(_file) ?? console.GetVariable(FileVariable) ?? DefaultFile);

    /// <summary>Opens the key. A file that isn't there is an error: only 'dpop key new' makes keys.</summary>
    /// <exception cref="ToolException">There is no such file.</exception>
    /// <exception cref="DpopException">The file can't be used.</exception>
    public async Task<DpopKey> OpenAsync(ParseResult arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        string path = PathOf(arguments, console);
        DpopKeyProtection? protection = await _passphrase.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        return await StoredKey.OpenAsync(path, protection, cancellationToken).ConfigureAwait(false);
    }
}
