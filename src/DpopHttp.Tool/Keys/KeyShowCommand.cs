using System.CommandLine;
using System.Text.Json.Nodes;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Keys;

/// <summary>dpop key show: what a key file has. Its private part only when it is asked for by name.</summary>
internal sealed class KeyShowCommand(ToolConsole console)
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = $"The key file. Default: ${KeyOptions.FileVariable}, or {KeyOptions.DefaultFile} in the current directory.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly PassphraseOptions _passphrase = new();
    private readonly Option<bool> _public = new("--public") { Description = "Print the public key as a JWK, and nothing else." };
    private readonly Option<bool> _thumbprint = new("--thumbprint") { Description = "Print the thumbprint (RFC 7638), a token's cnf.jkt, and nothing else." };
    private readonly Option<bool> _pem = new("--pem") { Description = "Print the public key as PEM, and nothing else." };
    private readonly Option<bool> _private = new("--private") { Description = "Print the private key as a JWK, or as PEM with --pem. Whoever has it can use your tokens." };
    private readonly Option<bool> _json = new("--json") { Description = "Print what is shown as JSON." };

    public Command Create()
    {
        Command command = new("show", "Show a key: its algorithm, thumbprint and public part. The private part is shown only with --private.")
        {
            _file, _public, _thumbprint, _pem, _private, _json,
        };
        _passphrase.AddTo(command);
        command.WithExamples(
            "dpop key show",
            "dpop key show orders.json --thumbprint      # what a token's cnf.jkt must be",
            "dpop key show --pem | openssl pkey -pubin -text -noout");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        if ((bool[])[arguments.GetValue(_public), arguments.GetValue(_thumbprint), arguments.GetValue(_json)] is var forms
            && forms.Count(asked => asked) + (arguments.GetValue(_pem) || arguments.GetValue(_private) ? 1 : 0) > 1)
        {
            throw new ToolException("Give one of --public, --thumbprint, --json and --pem; --private goes with --pem or alone.");
        }

        string path = Path.GetFullPath(arguments.GetValue(_file) ?? console.GetVariable(KeyOptions.FileVariable) ?? KeyOptions.DefaultFile);
        DpopKeyProtection? protection = await _passphrase.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        using DpopKey key = await StoredKey.OpenAsync(path, protection, cancellationToken).ConfigureAwait(false);
        if (TextOf(arguments, key) is { } text)
        {
            await console.Output.WriteLineAsync(text).ConfigureAwait(false);
        }
        else if (arguments.GetValue(_json))
        {
            await console.Output.WriteLineAsync(JsonText.Of(Describe(path, key))).ConfigureAwait(false);
        }
        else
        {
            new Listing()
                .Add("file", path)
                .Add("algorithm", key.Algorithm)
                .Add("thumbprint", key.Thumbprint)
                .Add("public key", key.PublicJwk)
                .WriteTo(console);
        }

        return ExitCodes.Success;
    }

    private string? TextOf(ParseResult arguments, DpopKey key)
    {
        bool isPrivate = arguments.GetValue(_private);
        if (arguments.GetValue(_pem))
        {
            return KeyPem.Of(isPrivate ? key.ExportPrivateJwk() : key.PublicJwk, isPrivate);
        }

        return isPrivate ? key.ExportPrivateJwk()
            : arguments.GetValue(_public) ? key.PublicJwk
            : arguments.GetValue(_thumbprint) ? key.Thumbprint
            : null;
    }

    private static JsonObject Describe(string path, DpopKey key) => new()
    {
        ["file"] = path,
        ["algorithm"] = key.Algorithm,
        ["thumbprint"] = key.Thumbprint,
        ["publicJwk"] = JsonNode.Parse(key.PublicJwk),
    };
}
