using System.CommandLine;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Proofs;

/// <summary>dpop proof: one proof on standard output, for use with other tools.</summary>
internal sealed class ProofCommand(ToolConsole console)
{
    private readonly KeyOptions _key = new();
    private readonly TokenOptions _token = new();

    private readonly Option<string> _method = new("--method", "-X")
    {
        Description = "The method of the request.",
        HelpName = "METHOD",
        DefaultValueFactory = _ => "GET",
    };

    private readonly Option<string> _url = new("--url", "-u")
    {
        Description = "The URL of the request. Its query and fragment don't become part of the proof.",
        HelpName = "URL",
        Required = true,
    };

    private readonly Option<string?> _nonce = new("--nonce", "-n")
    {
        Description = "The newest nonce that the server gave in its DPoP-Nonce header.",
        HelpName = "NONCE",
    };

    public Command Create()
    {
        Command command = new("proof", "Print one proof for one request, and nothing else.") { _method, _url, _nonce };
        _key.AddTo(command);
        _token.AddTo(command);
        command.WithExamples(
            "dpop proof --url https://api.example.com/orders",
            "curl -H \"DPoP: $(dpop proof -u $URL -t $TOKEN)\" -H \"Authorization: DPoP $TOKEN\" $URL",
            "dpop proof -X POST -u https://issuer.example.com/token --nonce $NONCE");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        Uri url = HttpUrl.Parse(arguments.GetValue(_url)!, "--url");
        HttpMethod method = MethodOf(arguments.GetValue(_method)!);
        string? token = await _token.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        using DpopKey key = await _key.OpenAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        string proof = await DpopProof.CreateAsync(key, method, url, token, arguments.GetValue(_nonce), cancellationToken).ConfigureAwait(false);
        await console.Output.WriteLineAsync(proof).ConfigureAwait(false);
        return ExitCodes.Success;
    }

    private static HttpMethod MethodOf(string text)
    {
        try
        {
            return HttpMethod.Parse(text);
        }
        catch (FormatException)
        {
            throw new ToolException($"--method '{Printable.Clean(text, 40)}' isn't an HTTP method.");
        }
    }
}
