using System.CommandLine;
using DpopHttp.Tool.Explain.Requests;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Explain;

/// <summary>Where the proof comes from: the command line, standard input, or the recording of a request.</summary>
internal sealed class SourceOptions
{
    private const string HeaderName = "DPoP:";

    private readonly Argument<string?> _proof = new("PROOF")
    {
        Description = "The proof, or - to read it from standard input.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _curl = new("--curl")
    {
        Description = "Take proof and request from a file with a curl command, or with what 'curl -v' printed; - for standard input.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _har = new("--har")
    {
        Description = "Take all proofs and requests from a browser's recording (HTTP Archive); - for standard input.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(_proof);
        command.Options.Add(_curl);
        command.Options.Add(_har);
    }

    /// <exception cref="ToolException">There is no source, or more than one, or it can't be read.</exception>
    public async Task<IReadOnlyList<ObservedRequest>> ReadAsync(ParseResult arguments, ToolConsole console, CancellationToken cancellationToken)
    {
        string? proof = arguments.GetValue(_proof), curl = arguments.GetValue(_curl), har = arguments.GetValue(_har);
        if (new[] { proof, curl, har }.Count(source => source is not null) != 1)
        {
            throw new ToolException("Give one proof, or - for one on standard input, or --curl FILE, or --har FILE.");
        }

        if (har is not null)
        {
            return HarFile.Read(await InputText.ReadAsync(console, har, cancellationToken).ConfigureAwait(false));
        }

        if (curl is not null)
        {
            string text = await InputText.ReadAsync(console, curl, cancellationToken).ConfigureAwait(false);
            return CurlTranscript.IsOne(text) ? CurlTranscript.Read(text) : [CurlCommand.Read(text)];
        }

        string word = proof == "-" ? await InputText.ReadWordAsync(console, "-", "proof", cancellationToken).ConfigureAwait(false) : proof!.Trim();
        return [new ObservedRequest { Proofs = [WithoutHeaderName(word)] }];
    }

    private static string WithoutHeaderName(string text) =>
        text.StartsWith(HeaderName, StringComparison.OrdinalIgnoreCase) ? text[HeaderName.Length..].Trim() : text;
}
