using System.CommandLine;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Explain.Checks;
using DpopHttp.Tool.Explain.Reports;
using DpopHttp.Tool.Explain.Requests;
using DpopHttp.Tool.Output;

namespace DpopHttp.Tool.Explain;

/// <summary>dpop explain: what a proof says, and everything that is wrong with it.</summary>
internal sealed class ExplainCommand(ToolConsole console)
{
    private readonly SourceOptions _source = new();
    private readonly FactOptions _facts = new();

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    public Command Create()
    {
        Command command = new(
            "explain",
            "Show a proof and make every check of RFC 9449 section 4.3 that can be made with what is given. Exit code 0 if none fails, 1 if one does.");
        _source.AddTo(command);
        _facts.AddTo(command);
        command.Options.Add(_json);
        command.WithExamples(
            "dpop explain $PROOF",
            "dpop explain $PROOF -X GET -u https://api.example.com/orders --token-file token.txt",
            "dpop explain --curl request.txt      # a curl command, or what curl -v printed",
            "dpop explain --har recording.har --json",
            "dpop explain $PROOF -u https://api.example.com/a --seen-url http://10.0.0.7/a",
            "dpop explain $PROOF --at 2026-01-31T12:00:00Z");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        IReadOnlyList<ObservedRequest> requests = await _source.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        List<Explanation> explanations = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (ObservedRequest request in requests)
        {
            ExplainQuestion question = await _facts.CompleteAsync(arguments, console, request, cancellationToken).ConfigureAwait(false);
            explanations.Add(Explainer.Explain(requests.Count > 1 ? question with { IsRepeated = IsRepeated(question, seen) } : question));
        }

        if (arguments.GetValue(_json))
        {
            await console.Output.WriteLineAsync(JsonText.Of(ExplanationJson.Of(explanations))).ConfigureAwait(false);
        }
        else
        {
            ExplanationText.Write(console, explanations);
        }

        return explanations.All(explanation => explanation.IsValid) ? ExitCodes.Success : ExitCodes.NotValid;
    }

    private static bool? IsRepeated(ExplainQuestion question, HashSet<string> seen) =>
        question.Proofs.Count > 0 && ProofText.Text(ProofText.Read(question.Proofs[0]).Claims, "jti") is { } jti
            ? !seen.Add(jti)
            : null;
}
