using System.CommandLine;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Keys;

/// <summary>dpop key new: makes a key pair and keeps it in a file that only its owner may read.</summary>
internal sealed class KeyNewCommand(ToolConsole console)
{
    private readonly Option<string> _algorithm = new("--alg", "-a")
    {
        Description = "The signature algorithm: ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384 or RS512.",
        HelpName = "ALG",
        CompletionSources = { "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512" },
        DefaultValueFactory = _ => DpopAlgorithms.ES256,
    };

    private readonly Option<string?> _out = new("--out", "-o")
    {
        Description = $"The file to make. Default: ${KeyOptions.FileVariable}, or {KeyOptions.DefaultFile} in the current directory.",
        HelpName = "FILE",
    };

    private readonly PassphraseOptions _passphrase = new();

    public Command Create()
    {
        Command command = new(
            "new", "Make a key pair in a new file that only you may read. Prints the file, the algorithm and the key's thumbprint.")
        {
            _algorithm,
            _out,
        };
        _passphrase.AddTo(command);
        command.WithExamples(
            "dpop key new",
            "dpop key new --alg RS256 --out ~/keys/orders.json",
            "dpop key new --passphrase      # asks for one, and encrypts the file with it");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(arguments.GetValue(_out) ?? console.GetVariable(KeyOptions.FileVariable) ?? KeyOptions.DefaultFile);
        string algorithm = AlgorithmOf(arguments.GetValue(_algorithm)!);
        RequireNew(path);
        DpopKeyProtection? protection =
            await _passphrase.ReadAsync(arguments, console, cancellationToken, isNew: true).ConfigureAwait(false);
        DpopKeyFile file = new(path) { Algorithm = algorithm, Protection = protection };
        using DpopKey key = await file.OpenAsync(cancellationToken).ConfigureAwait(false);
        new Listing()
            .Add("file", path)
            .Add("algorithm", key.Algorithm)
            .Add("thumbprint", key.Thumbprint)
            .WriteTo(console);
        return ExitCodes.Success;
    }

    private static string AlgorithmOf(string text)
    {
        string name = text.ToUpperInvariant();
        return Verification.DpopProofVerifier.SupportedAlgorithms.Contains(name)
            ? name
            : throw new ToolException(
                $"There is no algorithm '{Printable.Clean(text, 40)}' here. Take one of {string.Join(", ", Verification.DpopProofVerifier.SupportedAlgorithms)}.");
    }

    private static void RequireNew(string path)
    {
        if (Path.Exists(path))
        {
            throw new ToolException(
                $"The file {path} is there already, and tokens may be bound to its key. Name another with --out, or remove it first.");
        }

        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new ToolException($"There is no directory {Path.GetDirectoryName(path)}. Make it first (mkdir -m 700).");
        }
    }
}
