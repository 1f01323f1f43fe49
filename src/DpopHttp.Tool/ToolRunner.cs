using System.CommandLine;
using System.CommandLine.Help;
using DpopHttp.Tool.Calls;
using DpopHttp.Tool.Commands;
using DpopHttp.Tool.Explain;
using DpopHttp.Tool.Keys;
using DpopHttp.Tool.Output;
using DpopHttp.Tool.Probing;
using DpopHttp.Tool.Proofs;
using DpopHttp.Tool.Proxies;
using DpopHttp.Tool.Serving;
using DpopHttp.Tool.Tokens;

namespace DpopHttp.Tool;

/// <summary>Runs one command line.</summary>
internal static class ToolRunner
{
    /// <summary>No response files: '@' belongs to the values of options, as in curl's -d @file.</summary>
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs it. Whatever goes wrong becomes a line on standard error and an exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, ToolConsole console, CancellationToken cancellationToken = default)
    {
        // Alone the command shows what it can do, which isn't a mistake.
        ParseResult parsed = CreateRoot(console).Parse(arguments.Length == 0 ? ["--help"] : arguments, Parsing);
        bool isDirective = arguments is [['[', ..], ..];
        if (parsed.Errors.Count > 0 && !isDirective && parsed.Action?.ClearsParseErrors != true)
        {
            console.Fail(string.Join(Environment.NewLine, ErrorsOf(parsed).Distinct()));
            console.Note($"See '{HelpOf(parsed.CommandResult.Command)}'.");
            return ExitCodes.Error;
        }

        try
        {
            InvocationConfiguration invocation = new() { Output = console.Output, Error = console.Error, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            console.Fail("The server hasn't answered in time. --timeout gives it longer, where the command has it.");
            return ExitCodes.Error;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Cancelled;
        }
        catch (Exception exception)
        {
            console.Fail(ErrorText.Of(exception));
            return ExitCodes.Error;
        }
    }

    private static RootCommand CreateRoot(ToolConsole console)
    {
        RootCommand root = new("DPoP (RFC 9449) at the command line: keys and proofs, why a proof is refused, and calls with proofs.")
        {
            KeyCommand.Create(console),
            new ProofCommand(console).Create(),
            new ExplainCommand(console).Create(),
            new CallCommand(console).Create(),
            new TokenCommand(console).Create(),
            new ProxyCommand(console).Create(),
            new ServeCommand(console).Create(),
            new ProbeCommand(console).Create(),
            new CompletionCommand(console).Create(),
        };

        // A shell takes these for paths and patterns of paths.
        foreach (string alias in (string[])["-?", "/?", "/h"])
        {
            root.Options.OfType<HelpOption>().Single().Aliases.Remove(alias);
        }

        return root;
    }

    /// <summary>Where a word isn't known, what is missing is often that word.</summary>
    private static string[] ErrorsOf(ParseResult parsed)
    {
        string[] errors = [.. parsed.Errors.Select(error => error.Message)];
        string[] unknown = [.. errors.Where(error => parsed.UnmatchedTokens.Any(word => error.Contains($"'{word}'", StringComparison.Ordinal)))];
        return unknown.Length > 0 ? unknown : errors;
    }

    private static string HelpOf(Command command)
    {
        IEnumerable<string> names = command.Parents.OfType<Command>().Any() ? [.. NamesOf(command)] : [];
        return string.Join(' ', names.Prepend("dpop").Append("--help"));
    }

    private static IEnumerable<string> NamesOf(Command command) => command.Parents.OfType<Command>().FirstOrDefault() is { } parent
        ? NamesOf(parent).Append(command.Name)
        : [];
}
