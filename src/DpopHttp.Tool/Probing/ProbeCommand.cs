using System.CommandLine;
using System.Text.Json.Nodes;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.TokenFiles;
using Spectre.Console;

namespace DpopHttp.Tool.Probing;

/// <summary>dpop probe: what an API accepts that it must refuse.</summary>
internal sealed class ProbeCommand(ToolConsole console)
{
    private readonly Argument<string> _url = new("URL") { Description = "A URL of the API that answers a GET with this token." };
    private readonly Option<string> _method = new("--method", "-X") { Description = "Another method than GET. It is sent many times: name none that changes something.", HelpName = "METHOD", DefaultValueFactory = _ => "GET" };
    private readonly Option<bool> _json = new("--json") { Description = "Print the findings as JSON." };
    private readonly KeyOptions _key = new();
    private readonly TokenOptions _token = new();
    private readonly HttpOptions _http = new();

    public Command Create()
    {
        Command command = new(
            "probe",
            "Send an API of yours proofs of which one thing is wrong each, and report what it accepts and must refuse. About 60 requests at most. Exit code 0 without findings, 1 with.")
        {
            _url, _method, _json,
        };
        _key.AddTo(command);
        _token.AddTo(command);
        _http.AddTo(command);
        command.WithExamples(
            "dpop probe https://api.example.com/orders      # with the stored token",
            "dpop probe https://api.example.com/orders --token-file token.txt --json");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        Uri url = HttpUrl.Parse(arguments.GetValue(_url)!, "URL");
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback && !_http.AllowsInsecureHttp(arguments))
        {
            throw new ToolException("The token would go over plain http to another host. Use https, or give --insecure-http in a network that you trust.");
        }

        using DpopKey key = await _key.OpenAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        string token = await _token.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false)
            ?? new StoredTokens(_key.PathOf(arguments, console)).Find(url, key.Thumbprint)?.AccessToken
            ?? throw new ToolException("There is no token for this API. Give --token-file, or get one with 'dpop token --for'.");
        SocketsHttpHandler primary = _http.CreatePrimary(arguments);
        primary.AllowAutoRedirect = false;
        primary.UseProxy = !url.IsLoopback;
        using HttpClient client = new(primary) { Timeout = _http.TimeoutOf(arguments) };
        using ProofForge forge = new(key);
        ProbeFacts facts = new(arguments.GetValue(_method)!.ToUpperInvariant(), url, token, console.TimeProvider.GetUtcNow(), null);
        IReadOnlyList<Finding> findings = await new Prober(client, forge, facts, console.TimeProvider).RunAsync(cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(_json))
        {
            await console.Output.WriteLineAsync(JsonText.Of(JsonOf(findings))).ConfigureAwait(false);
        }
        else
        {
            Write(findings);
        }

        int limited = findings.Count(Prober.WasLimited);
        if (limited > 0)
        {
            console.Fail($"{limited} requests were answered with 429 and aren't judged. Wait, or lift the API's limit for this client, and probe again.");
        }

        return findings.Any(finding => finding.IsGood == false) ? ExitCodes.NotValid : limited > 0 ? ExitCodes.Error : ExitCodes.Success;
    }

    private void Write(IReadOnlyList<Finding> findings)
    {
        TextTable table = new("", "tried", "RFC 9449", "found");
        foreach (Finding finding in findings)
        {
            (string word, Style style) = finding.IsGood switch
            {
                true => ("ok", new Style(Color.Green)),
                false => ("FAIL", new Style(Color.Red, decoration: Decoration.Bold)),
                null => ("-", new Style(Color.Grey)),
            };
            table.AddRow([word, finding.Name, finding.Section, finding.Text], style);
        }

        table.WriteTo(console);
        int faults = findings.Count(finding => finding.IsGood == false);
        console.Ansi.WriteLine(faults == 0 ? "Nothing was found." : $"{faults} finding{(faults == 1 ? "" : "s")}.", new Style(faults == 0 ? Color.Green : Color.Red, decoration: Decoration.Bold));
    }

    private static JsonObject JsonOf(IReadOnlyList<Finding> findings) => new()
    {
        ["faults"] = findings.Count(finding => finding.IsGood == false),
        ["findings"] = new JsonArray([.. findings.Select(finding => (JsonNode)new JsonObject
        {
            ["id"] = finding.Id,
            ["tried"] = finding.Name,
            ["section"] = finding.Section.StartsWith("RFC ", StringComparison.Ordinal) ? finding.Section.Insert(8, " section") : $"RFC 9449 section {finding.Section}",
            ["verdict"] = finding.IsGood switch { true => "ok", false => "fault", null => "notJudged" },
            ["found"] = finding.Text,
        })]),
    };
}
