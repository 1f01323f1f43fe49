using System.CommandLine;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Http;
using DpopHttp.Tool.Inputs;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.TokenFiles;
using DpopHttp.Tool.Tokens;

namespace DpopHttp.Tool.Calls;

/// <summary>dpop call: one request through the handler of the library, as curl would make it.</summary>
internal sealed class CallCommand(ToolConsole console)
{
    private readonly KeyOptions _key = new();
    private readonly TokenOptions _token = new();
    private readonly HttpOptions _http = new();
    private readonly RequestOptions _request = new();

    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write the body of the answer to a file.", HelpName = "FILE" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Show each attempt, challenge and redirect on standard error, with secrets shortened." };
    private readonly Option<bool> _include = new("--include", "-i") { Description = "Print the status and the headers of the answer before its body." };

    public Command Create()
    {
        Command command = new(
            "call",
            "Call a URL with token and proofs: nonces, clocks and redirects are taken care of. Exit code 0, or 22 when the server answers 400 or more.");
        _request.AddTo(command);
        command.Options.Add(_output);
        command.Options.Add(_include);
        command.Options.Add(_verbose);
        _key.AddTo(command);
        _token.AddTo(command);
        _http.AddTo(command);
        command.WithExamples(
            "dpop call https://api.example.com/orders      # with the stored token",
            "dpop call https://api.example.com/orders --token-file token.txt -v",
            "dpop call https://api.example.com/orders --json '{\"item\":\"espresso\"}'",
            "dpop call https://api.example.com/upload -X PUT -d @backup.tar -H 'Content-Type: application/x-tar'",
            "tar c . | dpop call https://api.example.com/upload -d @-");
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        using AnswerTimer timer = new(_http.TimeoutOf(arguments));
        using HttpRequestMessage request = _request.Create(arguments, console, timer);
        using DpopKey key = await _key.OpenAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        bool isVerbose = arguments.GetValue(_verbose);
        await AuthorizeAsync(request, arguments, key, isVerbose, cancellationToken).ConfigureAwait(false);
        SocketsHttpHandler primary = _http.CreatePrimary(arguments);
        using DpopHandler handler = new(key, new DpopOptions { AllowInsecureHttp = _http.AllowsInsecureHttp(arguments) })
        {
            InnerHandler = isVerbose ? new AttemptObserver(console, primary) : primary,
        };
        using HttpClient client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };

        // The time is for the headers alone: a body may take as long as it comes.
        using HttpResponseMessage response = await timer.WaitAsync(
            limited => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited), cancellationToken).ConfigureAwait(false);
        if (arguments.GetValue(_include))
        {
            WriteHeaders(response);
        }

        await new BodyWriter(console, arguments.GetValue(_output)).WriteAsync(response, cancellationToken).ConfigureAwait(false);
        return (int)response.StatusCode < 400 ? ExitCodes.Success : Refused(response);
    }

    private async Task AuthorizeAsync(HttpRequestMessage request, ParseResult arguments, DpopKey key, bool isVerbose, CancellationToken cancellationToken)
    {
        string? token = await _token.ReadAsync(arguments, console, cancellationToken).ConfigureAwait(false);
        if (request.Headers.Contains("Authorization"))
        {
            return;
        }

        if (token is not null)
        {
            if (!request.Headers.TryAddWithoutValidation("Authorization", "DPoP " + token))
            {
                throw new ToolException("The access token has characters that can't stand in a header.");
            }

            return;
        }

        StoredTokens stored = new(_key.PathOf(arguments, console));
        if (!await new TokenRenewal(console, stored, key, _http, arguments, isVerbose).AuthorizeAsync(request, cancellationToken).ConfigureAwait(false)
            && stored.Load().Count > 0)
        {
            string origin = request.RequestUri!.GetLeftPart(UriPartial.Authority);
            console.Warn($"No stored token is for {origin}, so none is sent. 'dpop token --for {origin}' gets one.");
        }
    }

    private void WriteHeaders(HttpResponseMessage response)
    {
        console.Output.WriteLine($"HTTP/{response.Version} {(int)response.StatusCode} {response.ReasonPhrase}");
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            console.Output.WriteLine($"{name}: {Printable.Clean(string.Join(", ", values), 8000)}");
        }

        console.Output.WriteLine();
        console.Output.Flush();
    }

    private int Refused(HttpResponseMessage response)
    {
        DpopChallenge? challenge = response.GetDpopChallenge();
        string reason = challenge?.Error is { } error ? $": {error}{(challenge.ErrorDescription is { } text ? $", {text}" : "")}" : "";
        console.Fail(Printable.Clean($"The server answered {(int)response.StatusCode} {response.ReasonPhrase}{reason}"));
        return ExitCodes.HttpError;
    }
}
